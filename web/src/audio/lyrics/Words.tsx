/** The words of a track; timed ones follow what plays, and a click goes to where they are sung. */
import { useEffect, useRef } from "react";
import { useStore } from "@/api/store";
import { classes } from "@/ui/classes";
import { seek } from "../player/player";
import { player, playhead } from "../player/state";
import type { Lyrics, Track } from "../types";
import { lineAt } from "./lines";
import styles from "./lyrics.module.css";

/** A line without words is a rest. */
const shown = (text: string) => (text === "" ? "\u00a0" : text);

function Sung({ lyrics }: { lyrics: Lyrics }) {
  const { position_s } = useStore(playhead);
  const list = useRef<HTMLOListElement>(null);
  const at = lineAt(lyrics.lines, position_s * 1000);
  useEffect(() => {
    const line = list.current?.children[at];
    if (!list.current || !(line instanceof HTMLElement)) return;
    list.current.scrollTop = line.offsetTop - list.current.clientHeight / 3;
  }, [at]);
  return (
    <ol className={classes(styles.words, styles.sung)} ref={list}>
      {lyrics.lines.map(({ text, start_ms }, index) => (
        <li key={index}>
          <button
            type="button"
            aria-current={index === at ? "true" : undefined}
            onClick={() => seek((start_ms ?? 0) / 1000)}
          >
            {shown(text)}
          </button>
        </li>
      ))}
    </ol>
  );
}

export function Words({ track, lyrics }: { track: Track; lyrics: Lyrics }) {
  const { track: current } = useStore(player);
  if (lyrics.is_timed && current?.id === track.id) return <Sung lyrics={lyrics} />;
  return (
    <div className={styles.words}>
      {lyrics.lines.map(({ text }, index) => (
        <p key={index}>{shown(text)}</p>
      ))}
    </div>
  );
}
