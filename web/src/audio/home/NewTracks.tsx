/** The newest tracks as covers; a press plays from there on. */
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

function Tile({ track, list }: { track: Track; list: readonly Track[] }) {
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
    </li>
  );
}

export function NewTracks({ tracks }: { tracks: readonly Track[] }) {
  return (
    <section aria-labelledby="new">
      <header className={home.newHead}>
        <h2 id="new">New</h2>
        <Link to="/library">All of your library</Link>
      </header>
      <ul className={home.tiles}>
        {tracks.slice(1).map((track) => (
          <Tile key={track.id} track={track} list={tracks} />
        ))}
      </ul>
    </section>
  );
}
