/** What part of the world a map shows, and the sums of moving and zooming. The world is a square of
 *  one unit in Mercator's projection, its corner in the north-west. */

export interface Place {
  x: number;
  y: number;
}

export interface View extends Place {
  /** Pixels that the whole world would be wide. */
  world_px: number;
}

export interface Size {
  width_px: number;
  height_px: number;
}

export interface Spot {
  left_px: number;
  top_px: number;
}

/** Where Mercator's square ends. */
const LAST_LATITUDE = 85.0511;
/** 10 m are a pixel at the equator. */
const LARGEST_PX = 2 ** 22;
/** A single place is shown with some country around it. */
const CLOSEST_FIT_PX = 2 ** 16;
const PADDING_PX = 56;

export function placeOf(latitude: number, longitude: number): Place {
  const bounded = Math.min(Math.max(latitude, -LAST_LATITUDE), LAST_LATITUDE);
  const angle = Math.PI / 4 + (bounded * Math.PI) / 360;
  return { x: (longitude + 180) / 360, y: 0.5 - Math.log(Math.tan(angle)) / (2 * Math.PI) };
}

/** Its latitude and longitude. */
export function degreesOf({ x, y }: Place): { latitude: number; longitude: number } {
  const angle = Math.atan(Math.exp((0.5 - y) * 2 * Math.PI));
  return { latitude: (angle * 360) / Math.PI - 90, longitude: x * 360 - 180 };
}

const clamp = (value: number, least: number, most: number) =>
  Math.min(Math.max(value, least), Math.max(least, most));

/** Neither beyond the edges of the world nor closer than there is anything to see. */
export function bounded(view: View, { width_px, height_px }: Size): View {
  const world_px = clamp(view.world_px, Math.max(width_px, height_px), LARGEST_PX);
  const [across, down] = [width_px / world_px / 2, height_px / world_px / 2];
  return { world_px, x: clamp(view.x, across, 1 - across), y: clamp(view.y, down, 1 - down) };
}

export const spotOf = (view: View, { width_px, height_px }: Size, { x, y }: Place): Spot => ({
  left_px: (x - view.x) * view.world_px + width_px / 2,
  top_px: (y - view.y) * view.world_px + height_px / 2,
});

export const moved = (view: View, size: Size, across_px: number, down_px: number): View =>
  bounded(
    { ...view, x: view.x - across_px / view.world_px, y: view.y - down_px / view.world_px },
    size,
  );

/** Closer by a factor, with what is at a spot staying there. */
export function zoomed(view: View, size: Size, factor: number, spot?: Spot): View {
  const { world_px } = bounded({ ...view, world_px: view.world_px * factor }, size);
  const across_px = spot === undefined ? 0 : spot.left_px - size.width_px / 2;
  const down_px = spot === undefined ? 0 : spot.top_px - size.height_px / 2;
  const by = 1 / view.world_px - 1 / world_px;
  return bounded({ world_px, x: view.x + across_px * by, y: view.y + down_px * by }, size);
}

/** All of these places, with some room around them; the world where there are none. */
export function fitted(places: readonly Place[], size: Size, closest_px = CLOSEST_FIT_PX): View {
  if (places.length === 0) return bounded({ x: 0.5, y: 0.4, world_px: 0 }, size);
  const [left, right] = [Math.min(...places.map(({ x }) => x)), Math.max(...places.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...places.map(({ y }) => y)), Math.max(...places.map(({ y }) => y))];
  const across = Math.max(size.width_px - 2 * PADDING_PX, 1) / Math.max(right - left, 1e-9);
  const down = Math.max(size.height_px - 2 * PADDING_PX, 1) / Math.max(bottom - top, 1e-9);
  return bounded(
    { x: (left + right) / 2, y: (top + bottom) / 2, world_px: Math.min(across, down, closest_px) },
    size,
  );
}

export const canZoomIn = ({ world_px }: View) => world_px < LARGEST_PX;
