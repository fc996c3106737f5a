/** The list that is playing: a copy of what was on the page, which grows by further pages. */
import type { Page } from "@/api/types";
import type { Track } from "../types";

export interface Queue {
  tracks: readonly Track[];
  index: number;
  /** Where the list goes on, when it came from a list with more pages. */
  rest: { more: (cursor: string) => Promise<Page<Track>>; cursor: string } | null;
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

export const nextOf = ({ tracks, index }: Queue): Track | undefined => tracks[index + 1];

/** The same with something behind what plays, as far as there is: reads the list's next page for it. */
export async function lengthened(queue: Queue): Promise<Queue> {
  if (nextOf(queue) !== undefined || queue.rest === null) return queue;
  const { more, cursor } = queue.rest;
  const page = await more(cursor);
  const rest = page.next_cursor == null ? null : { more, cursor: page.next_cursor };
  return lengthened({ ...queue, tracks: [...queue.tracks, ...playable(page.items)], rest });
}

/** One step back or forth; null at either end. */
export async function step(queue: Queue, by: 1 | -1): Promise<Queue | null> {
  const known = by === 1 ? await lengthened(queue) : queue;
  const index = known.index + by;
  return index in known.tracks ? { ...known, index } : null;
}

/** Puts tracks right behind what is playing, or at the end of what is known of the list. */
export function queued(queue: Queue, tracks: readonly Track[], where: "next" | "last"): Queue {
  const at = where === "next" ? queue.index + 1 : queue.tracks.length;
  const all = [...queue.tracks.slice(0, at), ...playable(tracks), ...queue.tracks.slice(at)];
  return { ...queue, tracks: all };
}

/** Moves what is ahead by one place; what is playing, and what was, stays where it is. */
export function shifted(queue: Queue, from: number, by: 1 | -1): Queue {
  const to = from + by;
  if (Math.min(from, to) <= queue.index || Math.max(from, to) >= queue.tracks.length) return queue;
  const tracks = [...queue.tracks];
  tracks.splice(to, 0, ...tracks.splice(from, 1));
  return { ...queue, tracks };
}

/** Takes something out that is ahead. */
export function without(queue: Queue, at: number): Queue {
  if (at <= queue.index) return queue;
  return { ...queue, tracks: queue.tracks.filter((_, index) => index !== at) };
}
