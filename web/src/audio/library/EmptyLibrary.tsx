/** What the library shows before there is anything in it: what it is for, and the one thing to do. */
import { useQuery } from "@tanstack/react-query";
import { instanceQuery } from "@/api/queries";
import { bytes } from "@/ui/format";
import { Meter } from "@/ui/Meter";
import { UploadButton } from "../UploadButton";
import styles from "./empty-library.module.css";

const CHANNELS = ["Left", "Right"];

export function EmptyLibrary() {
  const { data: instance } = useQuery(instanceQuery);
  return (
    <section className={styles.empty}>
      <div className={styles.emptyMeters} aria-hidden="true">
        {CHANNELS.map((channel) => (
          <Meter key={channel} label={channel} size="bridge" hidden />
        ))}
      </div>
      <h2>No signal yet</h2>
      <p>
        Drop your music anywhere on this page. Each file is kept as it is, and made ready for slow
        and fast connections, with its waveform, its loudness and its cover.
      </p>
      <UploadButton>Choose music files</UploadButton>
      {instance && (
        <p className="quiet">
          FLAC, WAV, AIFF, MP3, AAC, Ogg Vorbis, Opus and more, up to{" "}
          {bytes(instance.max_upload_bytes)} a file.
        </p>
      )}
    </section>
  );
}
