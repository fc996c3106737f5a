/** The order in which reviews come: the one on the page stays, skipped ones come last, decided ones
 *  are gone at once, and what is taken back is there again. */
import type { Review } from "./types";

/** A review that was decided here, as it was before. */
export interface Settled {
  review: Review;
  words: string;
}

export interface Queue {
  /** What can be taken back, the last one last. */
  settled: readonly Settled[];
  /** Skipped, the first one first. */
  later: readonly string[];
  /** Taken back: they may not be in the list yet. */
  back: readonly Review[];
  /** On the page: nothing that arrives takes its place. */
  current: string | null;
}

export type Step =
  | { kind: "show"; id: string | null }
  | { kind: "settle"; settled: Settled; next: string | null }
  | { kind: "skip"; id: string; next: string | null }
  | { kind: "reopen"; review: Review; here: boolean }
  | { kind: "drop"; id: string };

export const NO_QUEUE: Queue = { settled: [], later: [], back: [], current: null };

const without = (ids: readonly string[], id: string) => ids.filter((each) => each !== id);
const but = <T extends { id: string }>(list: readonly T[], id: string) =>
  list.filter((each) => each.id !== id);
const unsettled = (settled: readonly Settled[], id: string) =>
  settled.filter(({ review }) => review.id !== id);

export function step(queue: Queue, taken: Step): Queue {
  switch (taken.kind) {
    case "show":
      return { ...queue, current: taken.id };
    case "settle": {
      const { review } = taken.settled;
      return {
        settled: [...unsettled(queue.settled, review.id), taken.settled],
        later: without(queue.later, review.id),
        back: but(queue.back, review.id),
        current: taken.next,
      };
    }
    case "skip":
      return { ...queue, later: [...without(queue.later, taken.id), taken.id], current: taken.next };
    case "reopen": {
      const { review, here } = taken;
      return {
        ...queue,
        settled: unsettled(queue.settled, review.id),
        back: [review, ...but(queue.back, review.id)],
        current: here ? review.id : queue.current,
      };
    }
    case "drop":
      return {
        ...queue,
        settled: unsettled(queue.settled, taken.id),
        back: but(queue.back, taken.id),
      };
  }
}

/** What is left, in the order in which it comes. */
export function lineUp(items: readonly Review[], queue: Queue): Review[] {
  const { settled, later, back, current } = queue;
  const listed = new Map(items.map(({ id, version }) => [id, version]));
  const newer = back.filter(({ id, version }) => version > (listed.get(id) ?? -1));
  // One that was opened again elsewhere has a later version than what was decided here.
  const gone = new Map(settled.map(({ review }) => [review.id, review.version]));
  const replaced = new Set(newer.map(({ id }) => id));
  const left = [...newer, ...items.filter(({ id }) => !replaced.has(id))].filter(
    ({ id, version }) => version > (gone.get(id) ?? -1),
  );
  const rank = ({ id }: Review) => (id === current ? -1 : later.indexOf(id) + 1);
  return left.sort((one, other) => rank(one) - rank(other));
}
