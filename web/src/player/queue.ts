/** The list that is playing: a copy of what was on the page, which grows by further pages. */
import { trackPage, type TrackFilter } from "@/api/queries";
import type { Track } from "@/api/types";

export interface Queue {
  tracks: readonly Track[];
  index: number;
  /** Where the list goes on, when it came from a list with more pages. */
  rest: { filter: TrackFilter; cursor: string } | null;
}

export const emptyQueue: Queue = { tracks: [], index: 0, rest: null };

const playable = (tracks: readonly Track[]) => tracks.filter((track) => track.status === "ready");

export function queueFrom(
  tracks: readonly Track[],
  start: Track,
  rest: Queue["rest"] = null,
): Queue {
  const list = playable(tracks);
  const index = list.findIndex((track) => track.id === start.id);
  return index < 0 ? { tracks: [start], index: 0, rest: null } : { tracks: list, index, rest };
}

/** One step back or forth; null at either end. Reads the next page when the list has one. */
export async function step(queue: Queue, by: 1 | -1): Promise<Queue | null> {
  const index = queue.index + by;
  if (index < 0) return null;
  if (index < queue.tracks.length) return { ...queue, index };
  if (queue.rest === null) return null;
  const { filter, cursor } = queue.rest;
  const page = await trackPage(filter, cursor);
  const rest = page.next_cursor == null ? null : { filter, cursor: page.next_cursor };
  const longer = { ...queue, tracks: [...queue.tracks, ...playable(page.items)], rest };
  return step(longer, by);
}
