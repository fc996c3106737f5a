/** Which of a server's tiles cover a view: 256 pixels square, the world as 2^zoom of them each way. */
import { spotOf, type Size, type View } from "./view";

export interface Tile {
  key: string;
  url: string;
  left_px: number;
  top_px: number;
  width_px: number;
  height_px: number;
}

const SIDE_PX = 256;
/** What most servers have; closer up its tiles are shown larger. */
const DEEPEST = 19;

/** The tiles of a view, those in its middle first. `dots` are the screen's for a pixel. */
export function tilesOf(template: string, view: View, size: Size, dots = 1): Tile[] {
  const wanted = Math.round(Math.log2((view.world_px * Math.min(dots, 2)) / SIDE_PX));
  const zoom = Math.min(Math.max(wanted, 0), DEEPEST);
  const across = 2 ** zoom;
  const side_px = view.world_px / across;
  const origin = spotOf(view, size, { x: 0, y: 0 });
  const span = (from_px: number, room_px: number) => {
    const first = Math.max(Math.floor(-from_px / side_px), 0);
    const last = Math.min(Math.floor((room_px - from_px) / side_px), across - 1);
    return Array.from({ length: Math.max(last - first + 1, 0) }, (_, n) => first + n);
  };
  const rows = span(origin.top_px, size.height_px);
  // Edges lie on whole pixels, or seams would show.
  const edge = (from_px: number, n: number) => Math.round(from_px + n * side_px);
  const off = ({ left_px, top_px }: Tile) =>
    Math.hypot(left_px + side_px / 2 - size.width_px / 2, top_px + side_px / 2 - size.height_px / 2);
  return span(origin.left_px, size.width_px)
    .flatMap((x) =>
      rows.map((y) => {
        const [left_px, top_px] = [edge(origin.left_px, x), edge(origin.top_px, y)];
        return {
          key: `${zoom}/${x}/${y}`,
          url: template.replace("{z}", `${zoom}`).replace("{x}", `${x}`).replace("{y}", `${y}`),
          left_px,
          top_px,
          width_px: edge(origin.left_px, x + 1) - left_px,
          height_px: edge(origin.top_px, y + 1) - top_px,
        };
      }),
    )
    .sort((one, other) => off(one) - off(other));
}
