/** The newest track, large, with its waveform: one press and it sounds. */
import { Link } from "@tanstack/react-router";
import { useStore } from "@/api/store";
import type { Track } from "../types";
import { playTrack, seek, toggle } from "../player/player";
import { player, playhead } from "../player/state";
import { Waveform } from "../player/Waveform";
import { byline } from "../byline";
import { IconButton } from "@/ui/Button";
import { Cover } from "../Cover";
import { duration } from "@/ui/format";
import { classes } from "@/ui/classes";
import home from "./home.module.css";
import listen from "../player/listen.module.css";

export function Hero({ track, list }: { track: Track; list: readonly Track[] }) {
  const { track: current, status } = useStore(player);
  const { position_s } = useStore(playhead);
  const here = current?.id === track.id;
  const on = here && (status === "playing" || status === "loading");
  return (
    <section className={home.hero} aria-label="Newest track">
      <Cover track={track} size="page" />
      <div className={home.heroWords}>
        <p className="quiet">Newest in your library</p>
        <h2>
          <Link to="/tracks/$trackId" params={{ trackId: track.id }}>
            {track.title}
          </Link>
        </h2>
        <p>
          {byline(track)} <span className="quiet">{duration(track.duration_ms)}</span>
        </p>
        <div className={classes(listen.listen, home.heroListen)}>
          <IconButton
            strong
            icon={on ? "pause" : "play"}
            label={on ? "Pause" : `Play ${track.title}`}
            size={22}
            onClick={() => (here ? toggle() : playTrack(track, list))}
          />
          <Waveform
            trackId={track.id}
            label={`Position in ${track.title}, newest track`}
            position_s={here ? position_s : 0}
            duration_s={(track.duration_ms ?? 0) / 1000}
            tall
            onSeek={(to_s) => (here ? seek(to_s) : playTrack(track, list, null, to_s))}
          />
        </div>
      </div>
    </section>
  );
}
