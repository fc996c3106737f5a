/** What is like a track, on its page: which, and why; played as a list, or as a radio. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useStore } from "@/api/store";
import { Button } from "@/ui/Button";
import { duration } from "@/ui/format";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import page from "@/ui/page.module.css";
import { byline } from "../byline";
import { PlayButton } from "../library/PlayButton";
import { playTrack } from "../player/player";
import { player } from "../player/state";
import type { Track } from "../types";
import { similarQuery, type Similar } from "./queries";
import { startRadio } from "./radio";
import { allInWords } from "./words";
import styles from "./discover.module.css";

function Row({ item, onPlay }: { item: Similar; onPlay: () => void }) {
  const { track, reasons } = item;
  const { track: current, status } = useStore(player);
  return (
    <li className={styles.similar}>
      <PlayButton
        track={track}
        playing={current?.id === track.id ? status : null}
        onPlay={onPlay}
      />
      <div className={styles.words}>
        <Link to="/tracks/$trackId" params={{ trackId: track.id }}>
          {track.title}
        </Link>
        <span className="quiet">{byline(track)}</span>
      </div>
      <p className={styles.why}>{allInWords(reasons)}</p>
      <span className={styles.length}>{duration(track.duration_ms)}</span>
    </li>
  );
}

export function SimilarPanel({ track }: { track: Track }) {
  const { data, error, refetch } = useQuery(similarQuery(track.id));
  const tracks = data?.items.map((item) => item.track) ?? [];
  const [first] = tracks;
  return (
    <section className={page.panel} aria-labelledby="similar">
      <div className={styles.head}>
        <h2 id="similar">Similar</h2>
        <div className={styles.does}>
          {first && (
            <Button small icon="play" onClick={() => playTrack(first, tracks)}>
              Play these
            </Button>
          )}
          <Button small icon="live" onClick={() => void startRadio(`/tracks/${track.id}`)}>
            Start radio
          </Button>
          {track.artists.map(({ id, name }) => (
            <Button
              key={id}
              small
              icon="user"
              onClick={() => void startRadio(`/artists/${id}`)}
            >
              {`Radio of ${name}`}
            </Button>
          ))}
        </div>
      </div>
      {error && (
        <Failed what="Similar tracks can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton what="similar tracks" rows={3} />}
      {data?.items.length === 0 && (
        <p className="quiet">
          Nothing is like it yet. Tracks are compared some minutes after they come, and each night:
          how they sound, what they share, and what you hear together.
        </p>
      )}
      {tracks.length > 0 && (
        <ul className={styles.list}>
          {data?.items.map((item) => (
            <Row key={item.track.id} item={item} onPlay={() => playTrack(item.track, tracks)} />
          ))}
        </ul>
      )}
    </section>
  );
}
