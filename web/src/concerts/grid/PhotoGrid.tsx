/** Photos by day as tiles; by the thousand, so only those near the screen are in the document. */
import { Link } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
} from "react";
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import { Picture } from "../Picture";
import type { Day, Filter, PhotoItem } from "../types";
import { dayWords, momentWords, photoName, plural } from "../words";
import { columnsOf, GAP_PX, rowsOf } from "./layout";
import type { Selection } from "./selection";
import styles from "./grid.module.css";

interface Props {
  photos: readonly PhotoItem[];
  filter: Filter;
  /** How many there are of each day; null where they aren't told apart by it. */
  days: readonly Day[] | null;
  /** While photos are selected, a press on one does that instead of showing it. */
  selection?: Selection | undefined;
  /** What follows is fetched by rows near the end; left out where these are all. */
  more?: (() => void) | undefined;
}

const OVERSCAN_ROWS = 4;
const NEAR_ROWS = 8;

interface TileProps {
  photo: PhotoItem;
  filter: Filter;
  selection: Selection | undefined;
  tile_px: number;
}

/** What makes a checkbox of the link that a tile is: the same element, so that focus stays on it. */
function asCheckbox({ has, toggle }: Selection, id: string) {
  return {
    role: "checkbox",
    "aria-checked": has(id),
    onClick: (event: MouseEvent) => {
      event.preventDefault();
      toggle(id, event.shiftKey);
    },
    onKeyDown: (event: KeyboardEvent) => {
      if (event.key !== " ") return;
      event.preventDefault();
      toggle(id, event.shiftKey);
    },
  };
}

function Tile({ photo, filter, selection, tile_px }: TileProps) {
  const when = photo.taken_at === null ? "" : `, ${momentWords(photo.taken_at)}`;
  return (
    <Link
      to="/photos/$photoId"
      params={{ photoId: photo.id }}
      search={filter}
      className={styles.tile}
      style={{ width: tile_px, height: tile_px }}
      aria-label={`${photoName(photo)}${when}${photo.starred ? ", starred" : ""}`}
      data-photo={photo.id}
      {...(selection && asCheckbox(selection, photo.id))}
    >
      <Picture photo={photo} sizes={`${Math.round(tile_px)}px`} />
      {photo.status === "ready" && photo.thumbnail === null && (
        <span className={styles.unseen}>
          <Icon name="photo" size={24} />
          <span>{photoName(photo)}</span>
        </span>
      )}
      {photo.status === "processing" && <span className={styles.state}>Being prepared</span>}
      {photo.status === "failed" && (
        <span className={classes(styles.state, styles.failed)}>
          <Icon name="warning" size={18} />
          <span>{photo.filename}</span>
        </span>
      )}
      {photo.starred && (
        <span className={styles.star}>
          <Icon name="starred" size={16} />
        </span>
      )}
      {selection && (
        <span className={styles.tick}>
          <Icon name="check" size={16} />
        </span>
      )}
    </Link>
  );
}

export function PhotoGrid({ photos, filter, days, selection, more }: Props) {
  // The virtualizer changes in place, which the compiler can't know.
  "use no memo";
  const body = useRef<HTMLDivElement>(null);
  const [box, setBox] = useState({ width_px: 0, top_px: 0 });
  const { columns, tile_px } = columnsOf(box.width_px);
  const rows = box.width_px === 0 ? [] : rowsOf(photos, columns, tile_px, days !== null);
  const counts = new Map(days?.map(({ day, count }) => [day ?? "none", count]));

  useLayoutEffect(() => {
    const measured = new ResizeObserver(() => {
      const found = body.current?.getBoundingClientRect();
      if (!found) return;
      const next = { width_px: found.width, top_px: Math.round(found.top + window.scrollY) };
      setBox((now) => (now.width_px === next.width_px && now.top_px === next.top_px ? now : next));
    });
    measured.observe(document.body);
    return () => measured.disconnect();
  }, []);

  const virtualizer = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => rows[index]?.height_px ?? 0,
    getItemKey: (index) => rows[index]?.key ?? index,
    overscan: OVERSCAN_ROWS,
    scrollMargin: box.top_px,
  });
  const shape = `${columns}:${tile_px}:${rows.length}`;
  useLayoutEffect(() => virtualizer.measure(), [virtualizer, shape]);

  const last = virtualizer.range?.endIndex ?? 0;
  const near = more !== undefined && rows.length > 0 && last >= rows.length - NEAR_ROWS;
  useEffect(() => {
    if (near) more();
  }, [near, more, rows.length]);

  return (
    <div ref={body} className={styles.grid} style={{ height: virtualizer.getTotalSize() }}>
      {virtualizer.getVirtualItems().map(({ index }) => {
        const row = rows[index];
        if (row === undefined) return null;
        const style = { height: row.height_px, transform: `translateY(${row.top_px}px)` };
        if (row.kind === "day") {
          const count = counts.get(row.day);
          return (
            <div key={row.key} className={styles.day} style={style}>
              <h2>{dayWords(row.day)}</h2>
              {count !== undefined && <span>{plural(count, "photo")}</span>}
            </div>
          );
        }
        return (
          <div key={row.key} className={styles.row} style={{ ...style, gap: GAP_PX }}>
            {row.photos.map((photo) => (
              <Tile
                key={photo.id}
                photo={photo}
                filter={filter}
                selection={selection}
                tile_px={tile_px}
              />
            ))}
          </div>
        );
      })}
    </div>
  );
}
