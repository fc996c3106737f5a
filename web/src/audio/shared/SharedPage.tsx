/** The page behind the link of a share: it plays for everybody, without an account. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { useLayoutEffect } from "react";
import { Problem } from "@/api/problem";
import { useStore } from "@/api/store";
import { ConnectionBar } from "@/shell/ConnectionBar";
import { startKeys } from "@/shell/keys";
import { Mark } from "@/shell/Mark";
import { VisitorFrame } from "@/shell/VisitorFrame";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { Failed, Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { Toasts } from "@/ui/Toasts";
import { Cover } from "../Cover";
import { downloadTrack } from "../downloading";
import { Seeker } from "../player/controls";
import { keys } from "../player/keys";
import { Listen } from "../player/Listen";
import { PlayerBar } from "../player/PlayerBar";
import { playQueue } from "../player/player";
import { player } from "../player/state";
import type { ByLink } from "../types";
import { asTrack } from "./asTrack";
import { sharedPage, sharedQuery, sharedTracksQuery, type Shared } from "./queries";
import { TrackList } from "./TrackList";
import { byOf, factsOf, untilOf } from "./words";
import styles from "./shared.module.css";

function useTracks(via: ByLink) {
  const query = useInfiniteQuery(sharedTracksQuery(via));
  const tracks = query.data?.pages.flatMap(({ items }) => items) ?? [];
  const cursor = query.data?.pages.at(-1)?.next_cursor ?? null;
  const more = (next: string) => sharedPage(via, next);
  const play = (from: number) => {
    const ready = tracks.filter(({ status }) => status === "ready");
    const first = tracks[from];
    // By its place: the same track may stand in a playlist twice.
    const index = tracks.slice(0, from).filter(({ status }) => status === "ready").length;
    if (first) playQueue({ tracks: ready, index, rest: cursor === null ? null : { more, cursor } });
  };
  return { ...query, tracks, play };
}

/** Where it is, on phones: the bar below has room for a line only. */
function Position({ via }: { via: ByLink }) {
  const { track } = useStore(player);
  if (!track?.via || !("token" in track.via) || track.via.token !== via.token) return null;
  return (
    <div className={styles.position}>
      <Seeker tall />
    </div>
  );
}

function Thing({ shared, via }: { shared: Shared; via: ByLink }) {
  const { tracks, play, data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useTracks(via);
  const { kind, title, artist, description, cover } = shared;
  const until = untilOf(shared);
  const [only] = tracks;
  const first = tracks.findIndex(({ status }) => status === "ready");
  const album = only && kind === "track" ? only.album : title;
  const pictured = { id: "", title, artist, album, duration_ms: null, cover, is_ready: true };
  return (
    <>
      <div className={styles.head}>
        <Cover track={asTrack(pictured, via)} size="page" />
        <div className={styles.about}>
          <p className="quiet">{byOf(shared)}</p>
          <h1 className={styles.title}>{title}</h1>
          {artist !== "" && <p className={styles.who}>{artist}</p>}
          <p className="quiet">{factsOf(shared)}</p>
          {description !== "" && <p className={styles.said}>{description}</p>}
          {kind === "track" && only?.status === "ready" && <Listen track={only} />}
          {kind === "track" && only && only.status !== "ready" && (
            <Notice tone="plain" title="It can't be played yet">
              It is still being prepared. Try again in a moment.
            </Notice>
          )}
          <div className={styles.does}>
            {kind !== "track" && (
              <Button icon="play" look="signal" disabled={first < 0} onClick={() => play(first)}>
                Play
              </Button>
            )}
            {kind === "track" && only && via.mayDownload && (
              <Button icon="download" onClick={() => void downloadTrack(only)}>
                Download
              </Button>
            )}
          </div>
          {kind !== "track" && <Position via={via} />}
        </div>
      </div>
      {error && <Failed what="The tracks can't be shown" error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton what="the tracks" rows={6} />}
      {data && tracks.length === 0 && (
        <Notice tone="plain" title="Nothing in it at the moment">
          {byOf(shared)}, who can put something in again.
        </Notice>
      )}
      {kind !== "track" && tracks.length > 0 && (
        <TrackList {...{ title, tracks }} mayDownload={via.mayDownload} onPlay={play} />
      )}
      {hasNextPage && (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? "Fetching…" : "Show more"}
        </Button>
      )}
      {until !== null && <p className="quiet">{until}</p>}
    </>
  );
}

function Ended() {
  return (
    <VisitorFrame
      title="This link has ended"
      lead="Its time is over, or whoever shared it has taken it back. Ask them for a new one, and open the whole of it, with everything after #."
    >
      {null}
    </VisitorFrame>
  );
}

export default function SharedPage() {
  const token = useLocation({ select: ({ hash }) => hash });
  const { data, error, refetch } = useQuery({ ...sharedQuery(token), enabled: token !== "" });
  const { track } = useStore(player);
  useLayoutEffect(() => startKeys([keys]), []);
  const refused = error instanceof Problem && [400, 404, 422].includes(error.status);
  if (token === "" || refused) return <Ended />;
  return (
    <div className={classes(styles.shared, track !== null && styles.sharedPlaying)}>
      <title>{data ? `${data.title} · Backline` : "Backline"}</title>
      <ConnectionBar />
      <p className={styles.house}>
        <Mark size={24} /> Backline
      </p>
      <main className={styles.page}>
        {error && <Failed what="It can't be shown" error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton what="what is shared" shape="block" rows={2} />}
        {data && <Thing shared={data} via={{ token, mayDownload: data.may_download }} />}
      </main>
      <PlayerBar visiting />
      <Toasts />
    </div>
  );
}
