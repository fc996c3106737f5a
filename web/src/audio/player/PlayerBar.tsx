/** The player along the bottom, there once something has played; on phones a smaller one. */
import { Link } from "@tanstack/react-router";
import { useStore } from "@/api/store";
import type { Bar } from "@/shell/face";
import { byline } from "../byline";
import { Cover } from "../Cover";
import { Meter } from "@/ui/Meter";
import { clock } from "@/ui/format";
import { PlayingHeart } from "../listening/Heart";
import { PlayerFault, QualityMenu, Seeker, Transport, Volume } from "./controls";
import { LevelMeter } from "./LevelMeter";
import { player, playhead } from "./state";
import styles from "./player-bar.module.css";

/** On a phone the waveform waits on the full page; the bar has a meter of the same. */
function Progress() {
  const { position_s, duration_s } = useStore(playhead);
  return (
    <div className={styles.playerProgress}>
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

/** A visitor has no page of what is playing. */
export function PlayerBar({ visiting = false }: { visiting?: boolean }) {
  const { track, status } = useStore(player);
  if (!track) return null;
  const what = (
    <>
      <Cover track={track} size="bar" />
      <span className={styles.playerNames}>
        <strong>{track.title}</strong>
        <span>{status === "loading" ? "Fetching…" : byline(track)}</span>
      </span>
    </>
  );
  return (
    <section className={styles.playerBar} aria-label="Player">
      <Progress />
      {visiting ? (
        <div className={styles.playerWhat}>{what}</div>
      ) : (
        <Link to="/playing" className={styles.playerWhat}>
          {what}
        </Link>
      )}
      <div className={styles.playerTransport}>
        <Transport />
      </div>
      <div className={styles.playerMiddle}>{status === "failed" ? <PlayerFault /> : <Seeker />}</div>
      <div className={styles.playerRight}>
        <LevelMeter />
        <PlayingHeart track={track} />
        <QualityMenu />
        <Volume />
      </div>
    </section>
  );
}

export const bar: Bar = {
  show: PlayerBar,
  useShown: () => useStore(player).track !== null,
  page: "/playing",
};
