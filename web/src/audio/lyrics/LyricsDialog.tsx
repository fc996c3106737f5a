/** A track's words to write, to paste, or out of an LRC file. */
import { useRef } from "react";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { writeLyrics } from "../actions";
import type { Lyrics, Track } from "../types";
import { asText } from "./lines";
import styles from "./lyrics.module.css";

const LONGEST_TEXT = 100_000;

interface Props {
  track: Track;
  lyrics: Lyrics;
  onClose: () => void;
}

export function LyricsDialog({ track, lyrics, onClose }: Props) {
  const area = useRef<HTMLTextAreaElement>(null);
  const form = useSubmit(
    async ({ text = "" }) => {
      await writeLyrics(track.id, text);
      onClose();
    },
    ["text"],
  );
  const take = async (file: File | undefined) => {
    if (file && area.current) area.current.value = (await file.text()).slice(0, LONGEST_TEXT);
  };
  return (
    <Dialog title={`Lyrics of ${track.title}`} onClose={onClose}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      {form.fault("text") !== undefined && <Notice>The lyrics {form.fault("text")}.</Notice>}
      <form className={styles.write} onSubmit={form.submit}>
        <label>
          Lyrics
          <textarea
            ref={area}
            name="text"
            rows={14}
            maxLength={LONGEST_TEXT}
            defaultValue={asText(lyrics)}
          />
        </label>
        <label>
          Or a file
          <input
            type="file"
            accept=".lrc,.txt,text/plain"
            onChange={(event) => void take(event.currentTarget.files?.[0])}
          />
        </label>
        <p className="quiet">
          A time in front of a line lets it follow the music: <code>[01:02.50]A line</code>.
        </p>
        <DialogActions form={form} send="Save" sending="Saving…" onClose={onClose} />
      </form>
    </Dialog>
  );
}
