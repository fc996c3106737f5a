/** All of one's tracks: search, sort, upload, and the list. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { trackPage, tracksQuery } from "../queries";
import type { Track, TrackSort } from "../types";
import { playTrack } from "../player/player";
import { UploadButton } from "../UploadButton";
import { EmptyLibrary } from "./EmptyLibrary";
import { EditDialog } from "./EditDialog";
import { Filters } from "./Filters";
import { LibraryFrame } from "./LibraryFrame";
import { Nothing } from "./Nothing";
import { TrackTable } from "./TrackTable";

/** Only what has been rated, played or liked stands in a list that is sorted by it. */
const BY_LISTENING = new Set<TrackSort>(["-favorite_at", "-rating", "-play_count", "-last_played_at"]);

export default function LibraryPage() {
  const { q = "", sort = "-created_at", favorite = false } = useSearch({ from: "/in/library" });
  const navigate = useNavigate();
  const [edited, setEdited] = useState<Track | null>(null);
  const filter = { q, sort, favorite };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } =
    useInfiniteQuery(tracksQuery(filter));
  const tracks = data?.pages.flatMap((page) => page.items);
  const cursor = data?.pages.at(-1)?.next_cursor ?? null;

  const set = (part: { q?: string; sort?: TrackSort; favorite?: boolean }) => {
    const next = { ...filter, ...part };
    void navigate({
      to: "/library",
      search: {
        ...(next.q === "" ? {} : { q: next.q }),
        ...(next.sort === "-created_at" ? {} : { sort: next.sort }),
        ...(next.favorite ? { favorite: true } : {}),
      },
      replace: true,
    });
  };
  const more = (from: string) => trackPage(filter, from);
  const play = (track: Track) =>
    playTrack(track, tracks ?? [], cursor === null ? null : { more, cursor });

  const furtherRows = hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined;
  const empty = tracks?.length === 0;
  const picked = q !== "" || favorite || BY_LISTENING.has(sort);
  return (
    <LibraryFrame actions={<UploadButton />}>
      {(!empty || picked) && <Filters q={q} sort={sort} favorite={favorite} onChange={set} />}
      <TrackTable
        tracks={tracks}
        sort={sort}
        empty={
          picked ? <Nothing q={q} favorite={favorite} sort={sort} /> : <EmptyLibrary />
        }
        error={error}
        retry={() => void refetch()}
        more={furtherRows}
        onSort={(next) => set({ sort: next })}
        onPlay={play}
        onEdit={setEdited}
      />
      {edited && <EditDialog track={edited} onClose={() => setEdited(null)} />}
    </LibraryFrame>
  );
}
