/** What to hear today, each with why; also for whoever has heard nothing here yet. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import home from "../home/home.module.css";
import { Tile } from "../home/Tile";
import { LibraryFrame } from "../library/LibraryFrame";
import { playTrack } from "../player/player";
import { Released } from "./Released";
import { discoverQuery, type Recommended } from "./queries";
import { allInWords, dayOf } from "./words";
import styles from "./discover.module.css";

interface ShelfProps {
  id: string;
  title: string;
  lead: string;
  items: readonly Recommended[];
}

function Shelf({ id, title, lead, items }: ShelfProps) {
  const tracks = items.map(({ track }) => track);
  const [first] = tracks;
  if (!first) return null;
  return (
    <section aria-labelledby={id}>
      <header className={styles.head}>
        <div>
          <h2 id={id}>{title}</h2>
          <p className="quiet">{lead}</p>
        </div>
        <Button small icon="play" onClick={() => playTrack(first, tracks)}>
          Play these
        </Button>
      </header>
      <ul className={home.tiles}>
        {items.map(({ track, reasons }) => (
          <Tile key={track.id} track={track} list={tracks} note={allInWords(reasons)} />
        ))}
      </ul>
    </section>
  );
}

export default function DiscoverPage() {
  const { data, error, refetch } = useQuery(discoverQuery(dayOf(new Date())));
  const none =
    data !== undefined &&
    [data.heard, data.released, data.liked, data.long_ago, data.unheard].every(
      (part) => part.length === 0,
    );
  return (
    <LibraryFrame>
      <div className={styles.page}>
        {error && (
          <Failed what="What to discover can't be shown" error={error} retry={() => void refetch()} />
        )}
        {!data && !error && <Skeleton what="what to discover" shape="tiles" rows={6} />}
        {none && (
          <Empty icon="star" title="Nothing to discover yet">
            <p>
              What you heard on this day in other years, what you haven’t heard for long or never,
              and what is like what you love is shown here, once there is music in your library.{" "}
              <Link to="/library">Go to your tracks</Link>
            </p>
          </Empty>
        )}
        {data && (
          <>
            <Shelf
              id="heard"
              title="On this day"
              lead="What you heard on this day in earlier years."
              items={data.heard}
            />
            <Released items={data.released} />
            <Shelf
              id="liked"
              title="More like what you love"
              lead="Like your favourites, and what you play and rate the most."
              items={data.liked}
            />
            <Shelf
              id="long-ago"
              title="Not heard for long"
              lead="You have heard these, but not for half a year."
              items={data.long_ago}
            />
            <Shelf
              id="unheard"
              title="Never heard yet"
              lead="Some of what waits in your library; others tomorrow."
              items={data.unheard}
            />
          </>
        )}
      </div>
    </LibraryFrame>
  );
}
