/** The feed: what those whom one follows did in public, the latest first. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { meQuery } from "@/api/queries";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import { LibraryFrame } from "../library/LibraryFrame";
import { playTrack } from "../player/player";
import { Mosaic } from "../playlists/Mosaic";
import { playableOf } from "../playlists/queries";
import { nameOf } from "./actions";
import { feedQuery, profileQuery, type FeedItem } from "./queries";
import { didOf, moreOf } from "./words";
import styles from "./people.module.css";

function Item({ item, myId }: { item: FeedItem; myId: string | undefined }) {
  const { person, playlist, entries } = item;
  const tracks = entries
    .flatMap((entry) => playableOf(entry, playlist.id, myId))
    .filter(({ status }) => status === "ready");
  const [first] = tracks;
  const more = moreOf(item);
  return (
    <li className={styles.item}>
      <div className={styles.cover}>
        <Mosaic entries={entries} />
      </div>
      <div className={styles.words}>
        <p className={styles.did}>
          <Link to="/people/$personId" params={{ personId: person.id }}>
            {nameOf(person)}
          </Link>{" "}
          {didOf(item)}
        </p>
        <p className={styles.what}>
          <Link to="/playlists/$playlistId" params={{ playlistId: playlist.id }}>
            {playlist.name}
          </Link>
        </p>
        <ul className={styles.tracks} aria-label={`Tracks of ${playlist.name}`}>
          {entries.map(({ id, track, ...then }) => {
            const { title, artist } = track ?? then;
            return (
              <li key={id}>
                <span>{title}</span>
                {artist !== "" && <span className="quiet">{artist}</span>}
              </li>
            );
          })}
          {more !== null && <li className="quiet">{more}</li>}
        </ul>
        <p className="quiet">
          <When time={item.happened_at} />
        </p>
      </div>
      {first && (
        <Button small icon="play" aria-label={`Play what is new in ${playlist.name}`} onClick={() => playTrack(first, tracks)}>
          Play
        </Button>
      )}
    </li>
  );
}

function Nothing() {
  const navigate = useNavigate();
  const { data: profile } = useQuery(profileQuery);
  const find = (
    <Button icon="user" look="signal" onClick={() => void navigate({ to: "/library/people" })}>
      Find people
    </Button>
  );
  if (profile && profile.following_count > 0) {
    return (
      <Empty icon="bell" title="Nothing new" action={find}>
        <p>Those you follow haven’t made a playlist public in the last half year, or put tracks into one.</p>
      </Empty>
    );
  }
  return (
    <Empty icon="bell" title="You follow nobody yet" action={find}>
      <p>New public playlists of those you follow are shown here, and the tracks that they add to them.</p>
    </Empty>
  );
}

export default function FeedPage() {
  const { data: me } = useQuery(meQuery);
  const query = useInfiniteQuery(feedQuery);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <LibraryFrame>
      {error && <Failed what="Your feed can’t be shown" error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton what="your feed" rows={6} />}
      {data && items.length === 0 && <Nothing />}
      {items.length > 0 && (
        <ul className={styles.items} aria-label="Your feed">
          {items.map((item) => (
            <Item key={item.id} item={item} myId={me?.id} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? "Fetching…" : "Show more"}
        </Button>
      )}
    </LibraryFrame>
  );
}
