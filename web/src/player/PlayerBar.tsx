/** The player along the bottom, there once something has played; on phones a smaller one. */
import { Link } from "@tanstack/react-router";
import { useStore } from "@/api/store";
import { byline } from "@/ui/byline";
import { Cover } from "@/ui/Cover";
import { Meter } from "@/ui/Meter";
import { clock } from "@/ui/format";
import { PlayerFault, QualityMenu, Seeker, Transport, Volume } from "./controls";
import { LevelMeter } from "./LevelMeter";
import { player, playhead } from "./state";
import "./player-bar.css";

/** On a phone the waveform waits on the full page; the bar has a meter of the same. */
function Progress() {
  const { position_s, duration_s } = useStore(playhead);
  return (
    <div className="player-progress">
      <Meter
        label="Played"
        kind="progressbar"
        size="thin"
        level={duration_s > 0 ? position_s / duration_s : 0}
        text={`${clock(position_s)} of ${clock(duration_s)}`}
      />
    </div>
  );
}

export function PlayerBar() {
  const { track, status } = useStore(player);
  if (!track) return null;
  return (
    <section className="player-bar" aria-label="Player">
      <Progress />
      <Link to="/playing" className="player-what">
        <Cover track={track} size="bar" />
        <span className="player-names">
          <strong>{track.title}</strong>
          <span>{status === "loading" ? "Fetching…" : (byline(track))}</span>
        </span>
      </Link>
      <Transport />
      <div className="player-middle">{status === "failed" ? <PlayerFault /> : <Seeker />}</div>
      <div className="player-right">
        <LevelMeter />
        <QualityMenu />
        <Volume />
      </div>
    </section>
  );
}
