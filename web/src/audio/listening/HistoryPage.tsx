/** What one has played, the latest first; and the press that has it forgotten. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { Empty } from "@/ui/Empty";
import { duration } from "@/ui/format";
import { Listing } from "@/ui/Listing";
import type { Column } from "@/ui/listingHeads";
import { When } from "@/ui/When";
import { byline } from "../byline";
import { historyQuery } from "../queries";
import { LibraryFrame } from "../library/LibraryFrame";
import { PlayButton } from "../library/PlayButton";
import type { Play } from "../types";
import { playTrack } from "../player/player";
import table from "../library/track-table.module.css";
import styles from "./history-page.module.css";

const COLUMNS: readonly Column<never>[] = [
  { key: "play", name: "Play", unseen: true, look: table.tracksPlay },
  { key: "title", name: "Title", look: table.tracksTitle },
  { key: "artist", name: "Artist", look: table.tracksArtist },
  { key: "played", name: "Played", look: styles.historyPlayed },
  { key: "length", name: "Length", look: table.tracksLength },
];

async function clear(): Promise<void> {
  await http.delete("/history");
  await queryClient.invalidateQueries({ queryKey: ["history"] });
  await queryClient.invalidateQueries({ queryKey: ["tracks"] });
  await queryClient.invalidateQueries({ queryKey: ["track"] });
}

function Cells({ play: { track, played_at }, onPlay }: { play: Play; onPlay: () => void }) {
  return (
    <>
      <td className={table.tracksPlay}>
        <PlayButton track={track} onPlay={onPlay} />
      </td>
      <td className={table.tracksTitle}>
        <Link to="/tracks/$trackId" params={{ trackId: track.id }}>
          {track.title}
        </Link>
        <span className={table.trackBy}>{byline(track)}</span>
      </td>
      <td className={table.tracksArtist}>{byline(track)}</td>
      <td className={styles.historyPlayed}>
        <When time={played_at} />
      </td>
      <td className={table.tracksLength}>{duration(track.duration_ms)}</td>
    </>
  );
}

export default function HistoryPage() {
  const [clearing, setClearing] = useState(false);
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } =
    useInfiniteQuery(historyQuery);
  const plays = data?.pages.flatMap((page) => page.items);
  const onPlay = ({ track }: Play) =>
    playTrack(track, [...new Map(plays?.map((each) => [each.track.id, each.track])).values()]);
  return (
    <LibraryFrame
      actions={
        plays !== undefined &&
        plays.length > 0 && (
          <Button icon="trash" onClick={() => setClearing(true)}>
            Clear history
          </Button>
        )
      }
    >
      <Listing
        what="what you have played"
        columns={COLUMNS}
        items={plays}
        keyOf={({ key }) => key}
        cells={(play) => <Cells play={play} onPlay={() => onPlay(play)} />}
        empty={
          <Empty icon="clock" title="Nothing played yet">
            <p>
              What you hear at least half of, or four minutes, is listed here. Only you see it.{" "}
              <Link to="/library">Go to your tracks</Link>
            </p>
          </Empty>
        }
        error={error}
        retry={() => void refetch()}
        more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
        onOpen={onPlay}
      />
      {clearing && (
        <ConfirmDialog
          title="Clear your history?"
          send="Clear history"
          sending="Clearing…"
          look="trouble"
          onClose={() => setClearing(false)}
          confirm={async () => {
            await clear();
            setClearing(false);
          }}
        >
          What you have played, and how often, is forgotten. Favourites and ratings stay. This
          can’t be undone.
        </ConfirmDialog>
      )}
    </LibraryFrame>
  );
}
