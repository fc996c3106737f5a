/** What people do to what is ahead in the queue. */
import type { Track } from "../types";
import { playQueue } from "./player";
import { emptyQueue, queued, type Queue } from "./queue";
import { change, player } from "./state";

/** Behind what is playing, or at the end; plays at once where nothing does. */
export function enqueue(tracks: readonly Track[], where: "next" | "last"): void {
  const { track, queue } = player.get();
  if (track) change({ queue: queued(queue, tracks, where) });
  else playQueue(queued(emptyQueue, tracks, "last"));
}

export function changeQueue(queue: Queue): void {
  change({ queue });
}
