/** The list of tracks: aligned columns, only the rows near the screen in the document. */
import { useEffect, useRef } from "react";
import { useStore } from "@/api/store";
import type { Track, TrackSort } from "@/api/types";
import { player } from "@/player/state";
import { TrackRow } from "./TrackRow";
import { useWindow } from "./useWindow";
import "./track-table.css";

interface Props {
  tracks: readonly Track[];
  /** Whether these are all there are. */
  complete: boolean;
  sort: TrackSort;
  onSort: (sort: TrackSort) => void;
  onPlay: (track: Track) => void;
  onEdit: (track: Track) => void;
  onNearEnd: (near: boolean) => void;
}

const ROW_PX = 56;
const NEAR_ROWS = 30;

const COLUMNS: readonly { key: string; name: string; sort?: TrackSort; unseen?: boolean }[] = [
  { key: "play", name: "Play", unseen: true },
  { key: "title", name: "Title", sort: "title" },
  { key: "artist", name: "Artist", sort: "artist" },
  { key: "album", name: "Album", sort: "album" },
  { key: "added", name: "Added", sort: "-created_at" },
  { key: "length", name: "Length" },
  { key: "actions", name: "Actions", unseen: true },
];

/** Pressing the head of the "Added" column a second time turns it round. */
const nextSort = (sort: TrackSort, now: TrackSort): TrackSort =>
  sort === "-created_at" && now === "-created_at" ? "created_at" : sort;

function direction(column: TrackSort | undefined, now: TrackSort) {
  if (column === "-created_at" && now === "-created_at") return "descending";
  if (column === "-created_at" && now === "created_at") return "ascending";
  return column === now ? "ascending" : undefined;
}

export function TrackTable(props: Props) {
  const { tracks, complete, sort, onSort, onPlay, onEdit, onNearEnd } = props;
  const body = useRef<HTMLTableSectionElement>(null);
  const { from, to } = useWindow(body, tracks.length, ROW_PX);
  const { track: current, status } = useStore(player);
  const near = to >= tracks.length - NEAR_ROWS;
  useEffect(() => onNearEnd(near), [near, onNearEnd]);

  return (
    <table className="tracks" aria-rowcount={complete ? tracks.length + 1 : -1}>
      <caption className="unseen">Your tracks</caption>
      <colgroup>
        {COLUMNS.map(({ key }) => (
          <col key={key} className={`tracks-${key}`} />
        ))}
      </colgroup>
      <thead>
        <tr aria-rowindex={1}>
          {COLUMNS.map(({ key, name, sort: by, unseen = false }) => (
            <th
              key={key}
              scope="col"
              className={`tracks-${key}`}
              aria-sort={direction(by, sort)}
            >
              {by === undefined ? (
                <span className={unseen ? "unseen" : undefined}>{name}</span>
              ) : (
                <button type="button" onClick={() => onSort(nextSort(by, sort))}>
                  {name}
                </button>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {from > 0 && <tr aria-hidden="true" style={{ height: from * ROW_PX }} />}
        {tracks.slice(from, to).map((track, offset) => (
          <TrackRow
            key={track.id}
            track={track}
            rowIndex={from + offset + 2}
            playing={track.id === current?.id ? status : null}
            onPlay={onPlay}
            onEdit={onEdit}
          />
        ))}
        {to < tracks.length && (
          <tr aria-hidden="true" style={{ height: (tracks.length - to) * ROW_PX }} />
        )}
      </tbody>
    </table>
  );
}
