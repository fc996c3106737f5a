/** Photos laid out in rows of tiles beneath their days, for a list that only draws what is seen. */
import type { PhotoItem } from "../types";
import { dayOf } from "../words";

export type Row =
  | { kind: "day"; key: string; day: string; top_px: number; height_px: number }
  | { kind: "tiles"; key: string; photos: PhotoItem[]; top_px: number; height_px: number };

export const GAP_PX = 4;
export const DAY_PX = 52;
const LEAST_PX = 168;
const LEAST_COLUMNS = 3;

/** How many tiles stand beside each other, and how wide each is. */
export function columnsOf(width_px: number): { columns: number; tile_px: number } {
  const fitting = Math.floor((width_px + GAP_PX) / (LEAST_PX + GAP_PX));
  const columns = Math.max(LEAST_COLUMNS, fitting);
  return { columns, tile_px: Math.max((width_px - GAP_PX * (columns - 1)) / columns, 1) };
}

export function rowsOf(
  photos: readonly PhotoItem[],
  columns: number,
  tile_px: number,
  byDay = true,
): Row[] {
  const rows: Row[] = [];
  let top_px = 0;
  let day: string | null = null;
  let tiles: PhotoItem[] = [];
  const flush = () => {
    const [first] = tiles;
    if (first === undefined) return;
    const height_px = tile_px + GAP_PX;
    rows.push({ kind: "tiles", key: first.id, photos: tiles, top_px, height_px });
    top_px += height_px;
    tiles = [];
  };
  for (const photo of photos) {
    const next = dayOf(photo);
    if (byDay && next !== day) {
      flush();
      day = next;
      rows.push({ kind: "day", key: `day-${next}`, day, top_px, height_px: DAY_PX });
      top_px += DAY_PX;
    }
    tiles.push(photo);
    if (tiles.length === columns) flush();
  }
  flush();
  return rows;
}
