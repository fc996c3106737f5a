/** Venues that lie too close to each other on the map to be told apart, drawn as one. */
import type { MapPoint } from "./types";
import { placeOf, spotOf, type Place, type Size, type Spot, type View } from "./view";

export interface Venue extends MapPoint, Place {}

export interface Cluster extends Place {
  /** The id of its largest venue, which it stands at. */
  key: string;
  venues: Venue[];
  concerts: number;
}

const APART_PX = 46;
/** Clusters change at steps of half a doubling, not with every pixel. */
const STEPS = 2;
const LETTER_PX = 7.4;
const LABEL_PX = 20;

export const venuesOf = (points: readonly MapPoint[]): Venue[] =>
  points.map((point) => ({ ...point, ...placeOf(point.latitude, point.longitude) }));

/** The step of zoom that a view is at: clusters are the same within one. */
export const stepOf = ({ world_px }: View) => Math.floor(Math.log2(world_px) * STEPS);

/** Clusters at a step of zoom. `venues` come with those of the most concerts first. */
export function clustersOf(venues: readonly Venue[], step: number): Cluster[] {
  const apart = APART_PX / 2 ** (step / STEPS);
  const cells = new Map<string, Cluster[]>();
  const found: Cluster[] = [];
  const cell = (value: number) => Math.floor(value / apart);
  for (const venue of venues) {
    const [column, row] = [cell(venue.x), cell(venue.y)];
    const near = [-1, 0, 1].flatMap((across) =>
      [-1, 0, 1].flatMap((down) => cells.get(`${column + across}:${row + down}`) ?? []),
    );
    const [nearest] = near
      .map((cluster) => ({ cluster, away: Math.hypot(cluster.x - venue.x, cluster.y - venue.y) }))
      .filter(({ away }) => away < apart)
      .sort((one, other) => one.away - other.away);
    if (nearest) {
      nearest.cluster.venues.push(venue);
      nearest.cluster.concerts += venue.concert_count;
      continue;
    }
    const { x, y, venue_id, concert_count } = venue;
    const made = { key: venue_id, x, y, venues: [venue], concerts: concert_count };
    found.push(made);
    const key = `${column}:${row}`;
    cells.set(key, [...(cells.get(key) ?? []), made]);
  }
  return found;
}

/** What a cluster is called on the map: its venue, or the city where most of it is, and how many more. */
export function labelOf({ venues }: Cluster): string {
  const [first] = venues;
  if (!first) return "";
  if (venues.length === 1) return first.name;
  const cities = new Map<string, number>();
  for (const { city, concert_count } of venues) {
    if (city !== "") cities.set(city, (cities.get(city) ?? 0) + concert_count);
  }
  const [most, ...others] = [...cities].sort(([, one], [, other]) => other - one);
  if (!most) return first.name;
  return others.length === 0 ? most[0] : `${most[0]} and ${others.length} more`;
}

/** A dot's radius: twice as large a circle for ten times as many concerts. */
export const radiusOf = (concerts: number) => Math.round(Math.min(9 + 7 * Math.log10(concerts), 24));

export interface Marker extends Spot {
  cluster: Cluster;
  radius_px: number;
  label: string;
  /** On which side there is room for the label, if on one. */
  told: "right" | "left" | null;
}

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

export const meet = (one: Box, other: Box) =>
  one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;

/** The clusters that a view shows, the largest with their labels as far as there is room; and what of
 *  the map they cover. */
export function markersOf(
  clusters: readonly Cluster[],
  view: View,
  size: Size,
): { markers: Marker[]; taken: Box[] } {
  const shown = clusters
    .map((cluster) => ({ cluster, radius_px: radiusOf(cluster.concerts), ...spotOf(view, size, cluster) }))
    .filter(
      ({ left_px, top_px, radius_px }) =>
        left_px > -radius_px &&
        top_px > -radius_px &&
        left_px < size.width_px + radius_px &&
        top_px < size.height_px + radius_px,
    )
    .sort((one, other) => other.cluster.concerts - one.cluster.concerts);
  const taken: Box[] = shown.map(({ left_px, top_px, radius_px }) => ({
    left: left_px - radius_px,
    right: left_px + radius_px,
    top: top_px - radius_px,
    bottom: top_px + radius_px,
  }));
  const markers = shown.map((marker): Marker => {
    const label = labelOf(marker.cluster);
    const away_px = marker.radius_px + 2;
    const [top, bottom] = [marker.top_px - LABEL_PX / 2, marker.top_px + LABEL_PX / 2];
    const long_px = label.length * LETTER_PX;
    const right = { left: marker.left_px + away_px, right: marker.left_px + away_px + long_px, top, bottom };
    const left = { left: marker.left_px - away_px - long_px, right: marker.left_px - away_px, top, bottom };
    const free = (box: Box) =>
      box.left > 0 && box.right < size.width_px && !taken.some((other) => meet(box, other));
    const told = free(right) ? "right" : free(left) ? "left" : null;
    if (told !== null) taken.push(told === "right" ? right : left);
    return { ...marker, label, told };
  });
  return { markers, taken };
}
