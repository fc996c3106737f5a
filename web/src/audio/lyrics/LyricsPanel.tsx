/** A track's words on its page, and the way to write them. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/ui/Button";
import page from "@/ui/page.module.css";
import { lyricsQuery } from "../queries";
import type { Track } from "../types";
import { LyricsDialog } from "./LyricsDialog";
import { Words } from "./Words";
import styles from "./lyrics.module.css";

export function LyricsPanel({ track }: { track: Track }) {
  const { data: lyrics } = useQuery(lyricsQuery(track.id));
  const [writing, setWriting] = useState(false);
  if (!lyrics) return null;
  const none = lyrics.lines.length === 0;
  return (
    <section className={page.panel} aria-labelledby="lyrics">
      <div className={styles.head}>
        <h2 id="lyrics">Lyrics</h2>
        <Button small icon="edit" onClick={() => setWriting(true)}>
          {none ? "Add lyrics" : "Edit lyrics"}
        </Button>
      </div>
      {none ? (
        <p className="quiet">The file brought none.</p>
      ) : (
        <Words track={track} lyrics={lyrics} />
      )}
      {writing && (
        <LyricsDialog track={track} lyrics={lyrics} onClose={() => setWriting(false)} />
      )}
    </section>
  );
}
