/** The tracks behind a link, in their order: each plays, and is downloaded where that is given. */
import { useStore } from "@/api/store";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { duration } from "@/ui/format";
import { byline } from "../byline";
import { downloadTrack } from "../downloading";
import { PlayButton } from "../library/PlayButton";
import { player } from "../player/state";
import entries from "../playlists/entries.module.css";
import type { Track } from "../types";
import styles from "./shared.module.css";

interface Props {
  title: string;
  tracks: readonly Track[];
  mayDownload: boolean;
  onPlay: (index: number) => void;
}

export function TrackList({ title, tracks, mayDownload, onPlay }: Props) {
  const { track: current, status, queue } = useStore(player);
  const isHere = (track: Track, index: number) =>
    track.id === current?.id && (queue.tracks[queue.index] !== track || queue.index === index);
  return (
    <ol className={entries.entries} aria-label={`What is in ${title}`}>
      {tracks.map((track, index) => {
        const here = isHere(track, index);
        return (
          <li
            key={`${track.id}-${index}`}
            className={classes(entries.entry, here && entries.entryCurrent)}
          >
            <span className={styles.number}>{index + 1}</span>
            <PlayButton track={track} playing={here ? status : null} onPlay={() => onPlay(index)} />
            <span className={entries.words}>
              <strong>{track.title}</strong>
              <span>{track.status === "ready" ? byline(track) : "It can't be played yet."}</span>
            </span>
            <span className={entries.length}>{duration(track.duration_ms)}</span>
            {mayDownload && (
              <IconButton
                icon="download"
                label={`Download ${track.title}`}
                onClick={() => void downloadTrack(track)}
              />
            )}
          </li>
        );
      })}
    </ol>
  );
}
