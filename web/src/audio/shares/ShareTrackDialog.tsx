/** A track that is shared by a link, or the album that it is on. */
import { useState } from "react";
import { useStore } from "@/api/store";
import { Dialog } from "@/ui/Dialog";
import { Select } from "@/ui/Select";
import type { Track } from "../types";
import { Links } from "./Links";
import { sharing } from "./sharing";
import styles from "./shares.module.css";

function ShareDialog({ track }: { track: Track }) {
  const { id, title, album, album_id } = track;
  const [kind, setKind] = useState<"track" | "album">("track");
  const thing =
    kind === "album" && album_id !== null ? { kind, id: album_id } : { kind: "track" as const, id };
  return (
    <Dialog title={`Share “${thing.kind === "album" ? album : title}”`} onClose={() => sharing.set(null)}>
      <div className={styles.links}>
        {album_id !== null && (
          <Select
            label="What to share"
            options={[
              { value: "track", name: "This track" },
              { value: "album", name: `The whole album “${album}”` },
            ]}
            value={kind}
            onChange={(event) => setKind(event.target.value === "album" ? "album" : "track")}
          />
        )}
        <Links key={thing.id} thing={thing} />
      </div>
    </Dialog>
  );
}

export function ShareTrack() {
  const track = useStore(sharing);
  return track === null ? null : <ShareDialog key={track.id} track={track} />;
}
