/** The list of tracks: its columns, its sorts, and what keys and presses do to a row. */
import type { ReactNode } from "react";
import { useStore } from "@/api/store";
import { Listing } from "@/ui/Listing";
import type { Column } from "@/ui/listingHeads";
import { deleteTrack } from "../actions";
import { toggleFavorite } from "../listening/opinions";
import { player } from "../player/state";
import type { Track, TrackSort } from "../types";
import { TrackCells } from "./TrackCells";
import styles from "./track-table.module.css";

interface Props {
  tracks: readonly Track[] | undefined;
  sort: TrackSort;
  empty: ReactNode;
  error: unknown;
  retry: () => void;
  more: (() => void) | undefined;
  onSort: (sort: TrackSort) => void;
  onPlay: (track: Track) => void;
  onEdit: (track: Track) => void;
}

const up = (value: TrackSort) => [{ value, direction: "ascending" as const }];

const COLUMNS: readonly Column<TrackSort>[] = [
  { key: "play", name: "Play", unseen: true, look: styles.tracksPlay },
  { key: "title", name: "Title", sorts: up("title"), look: styles.tracksTitle },
  { key: "artist", name: "Artist", sorts: up("artist"), look: styles.tracksArtist },
  { key: "album", name: "Album", sorts: up("album"), look: styles.tracksAlbum },
  { key: "favorite", name: "Favourite", unseen: true, look: styles.tracksHeart },
  {
    key: "added",
    name: "Added",
    look: styles.tracksAdded,
    sorts: [{ value: "-created_at", direction: "descending" }, ...up("created_at")],
  },
  { key: "length", name: "Length", look: styles.tracksLength },
  { key: "actions", name: "Actions", unseen: true, look: styles.tracksActions },
];

export function TrackTable(props: Props) {
  const { tracks, sort, empty, error, retry, more, onSort, onPlay, onEdit } = props;
  const { track: current, status } = useStore(player);
  const onKey = (key: string, track: Track) => {
    if (key === "e") onEdit(track);
    else if (key === "f") void toggleFavorite(track);
    else if (key === "Delete") void deleteTrack(track);
    else return false;
    return true;
  };
  return (
    <Listing
      what="your tracks"
      columns={COLUMNS}
      items={tracks}
      keyOf={({ id }) => id}
      lookOf={({ id }) => id === current?.id && styles.trackCurrent}
      cells={(track) => (
        <TrackCells
          track={track}
          playing={track.id === current?.id ? status : null}
          onPlay={onPlay}
          onEdit={onEdit}
        />
      )}
      empty={empty}
      error={error}
      retry={retry}
      more={more}
      sort={sort}
      onSort={onSort}
      onOpen={(track) => {
        if (track.status === "ready") onPlay(track);
      }}
      onKey={onKey}
    />
  );
}
