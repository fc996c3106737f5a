/** All of one's tracks: search, sort, upload, and the list. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { tracksQuery } from "@/api/queries";
import type { Track, TrackSort } from "@/api/types";
import { playTrack } from "@/player/player";
import { Button } from "@/ui/Button";
import { Failed } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { pickFiles } from "@/uploads/picker";
import { EmptyLibrary } from "./EmptyLibrary";
import { EditDialog } from "./EditDialog";
import { Filters } from "./Filters";
import { TrackTable } from "./TrackTable";

export default function LibraryPage() {
  const { q = "", sort = "-created_at" } = useSearch({ from: "/in/library" });
  const navigate = useNavigate();
  const [edited, setEdited] = useState<Track | null>(null);
  const filter = { q, sort };
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } =
    useInfiniteQuery(tracksQuery(filter));
  const tracks = data?.pages.flatMap((page) => page.items);
  const cursor = data?.pages.at(-1)?.next_cursor ?? null;

  const set = (part: { q?: string; sort?: TrackSort }) => {
    const next = { ...filter, ...part };
    void navigate({
      to: "/library",
      search: {
        ...(next.q === "" ? {} : { q: next.q }),
        ...(next.sort === "-created_at" ? {} : { sort: next.sort }),
      },
      replace: true,
    });
  };
  const play = (track: Track) =>
    playTrack(track, tracks ?? [], cursor === null ? null : { filter, cursor });

  // Rows near the end fetch what follows.
  const [nearEnd, setNearEnd] = useState(false);
  const more = nearEnd && hasNextPage && !isFetchingNextPage && !error;
  useEffect(() => {
    if (more) void fetchNextPage();
  }, [more, fetchNextPage]);

  const empty = tracks?.length === 0;
  return (
    <Page
      title="Library"
      actions={
        <Button look="signal" icon="upload" onClick={pickFiles}>
          Upload music
        </Button>
      }
    >
      {(!empty || q !== "") && <Filters q={q} sort={sort} onChange={set} />}
      {error && (
        <Failed what="The library can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!tracks && !error && <Skeleton what="your tracks" rows={12} />}
      {empty && q === "" && <EmptyLibrary />}
      {empty && q !== "" && (
        <p className="quiet">
          Nothing in your library matches “{q}”. Titles, artists and albums are searched.
        </p>
      )}
      {tracks && !empty && (
        <TrackTable
          tracks={tracks}
          complete={!hasNextPage}
          sort={sort}
          onSort={(next) => set({ sort: next })}
          onPlay={play}
          onEdit={setEdited}
          onNearEnd={setNearEnd}
        />
      )}
      {edited && <EditDialog track={edited} onClose={() => setEdited(null)} />}
    </Page>
  );
}
