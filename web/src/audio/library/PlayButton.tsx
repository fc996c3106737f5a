/** A track's cover in a row, which plays it and pauses it. */
import { Cover } from "../Cover";
import { toggle } from "../player/player";
import type { PlayerState } from "../player/state";
import type { Track } from "../types";
import { Icon } from "@/ui/Icon";
import trackTable from "./track-table.module.css";

interface Props {
  track: Track;
  /** The player's status when this is its track. */
  playing?: PlayerState["status"] | null;
  onPlay: () => void;
}

export function PlayButton({ track, playing = null, onPlay }: Props) {
  const on = playing === "playing" || playing === "loading";
  return (
    <button
      type="button"
      className={trackTable.trackPlay}
      aria-label={on ? `Pause ${track.title}` : `Play ${track.title}`}
      disabled={track.status !== "ready"}
      onClick={() => (playing === null ? onPlay() : toggle())}
    >
      <Cover track={track} size="row" />
      {track.status === "ready" && <Icon name={on ? "pause" : "play"} />}
    </button>
  );
}
