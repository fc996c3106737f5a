/** The newest tracks as covers; a press plays from there on. */
import { Link } from "@tanstack/react-router";
import type { Track } from "../types";
import { Tile } from "./Tile";
import home from "./home.module.css";

export function NewTracks({ tracks }: { tracks: readonly Track[] }) {
  return (
    <section aria-labelledby="new">
      <header className={home.newHead}>
        <h2 id="new">New</h2>
        <span className={home.newLinks}>
          <Link to="/library/discover">Discover</Link>
          <Link to="/library">All of your library</Link>
        </span>
      </header>
      <ul className={home.tiles}>
        {tracks.slice(1).map((track) => (
          <Tile key={track.id} track={track} list={tracks} />
        ))}
      </ul>
    </section>
  );
}
