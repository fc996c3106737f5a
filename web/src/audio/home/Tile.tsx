/** A track as a cover with its name; a press plays the list that it stands in from there on. */
import { Link } from "@tanstack/react-router";
import { useStore } from "@/api/store";
import type { Track } from "../types";
import { playTrack, toggle } from "../player/player";
import { player } from "../player/state";
import { byline } from "../byline";
import { Cover } from "../Cover";
import { Icon } from "@/ui/Icon";
import { classes } from "@/ui/classes";
import home from "./home.module.css";

interface Props {
  track: Track;
  list: readonly Track[];
  /** Why it is shown, in words. */
  note?: string;
}

export function Tile({ track, list, note }: Props) {
  const { track: current, status } = useStore(player);
  const here = current?.id === track.id;
  const on = here && (status === "playing" || status === "loading");
  return (
    <li className={here ? classes(home.tile, home.tileCurrent) : home.tile}>
      <button
        type="button"
        aria-label={`${on ? "Pause" : "Play"} ${track.title}`}
        onClick={() => (here ? toggle() : playTrack(track, list))}
      >
        <Cover track={track} size="tile" />
        <span className={home.tilePlay}>
          <Icon name={on ? "pause" : "play"} size={22} />
        </span>
      </button>
      <Link to="/tracks/$trackId" params={{ trackId: track.id }}>
        {track.title}
      </Link>
      <span className="quiet">{byline(track)}</span>
      {note !== undefined && <p className={home.tileNote}>{note}</p>}
    </li>
  );
}
