/** What is to be done next to a reel, decided from what lies on it: no memory, so nothing can differ. */
import type { Part } from "./manifest";
import type { Place, Span } from "./reel";

/** A track at its place; the times of its parts count from its start. */
export interface Planned extends Place {
  parts: readonly Part[];
}

export type Step =
  | { does: "lay"; piece: number; part: number }
  | { does: "take off"; from_s: number; to_s: number }
  /** All is laid: what comes behind has to be found out. */
  | { does: "go on" }
  | { does: "end" }
  | { does: "rest" };

export const AHEAD_S = 60;
const BEHIND_S = 60;
/** So much more before it is taken off: not a second at a time. */
const SPARE_S = 30;
/** Ends of frames don't meet those of parts to the last digit. */
const NEARLY_S = 0.05;

const holds = (laid: readonly Span[], from_s: number, to_s: number) => {
  const slack_s = Math.min(NEARLY_S, (to_s - from_s) / 4);
  return laid.some(([begins_s, ends_s]) => begins_s <= from_s + slack_s && ends_s >= to_s - slack_s);
};

/** The first of the pieces is the one that plays, one more is laid ahead; `isLast`: nothing comes behind. */
export function stepAt(
  at_s: number,
  pieces: readonly Planned[],
  laid: readonly Span[],
  isLast: boolean,
  ahead_s = AHEAD_S,
): Step {
  const [first, last] = [laid[0], laid.at(-1)];
  if (first && first[0] < at_s - BEHIND_S - SPARE_S) {
    return { does: "take off", from_s: 0, to_s: at_s - BEHIND_S };
  }
  // Left over from before a seek back.
  const far_s = at_s + ahead_s + SPARE_S;
  if (last && last[1] > far_s + SPARE_S) {
    return { does: "take off", from_s: far_s, to_s: Number.POSITIVE_INFINITY };
  }
  const end_s = pieces.at(-1)?.end_s ?? 0;
  // Of a track that was to come and comes no more.
  if (last && last[1] > end_s + NEARLY_S) {
    return { does: "take off", from_s: end_s, to_s: Number.POSITIVE_INFINITY };
  }
  for (const [piece, { start_s, parts }] of pieces.entries()) {
    for (const [part, { from_s, to_s }] of parts.entries()) {
      if (start_s + to_s <= at_s) continue;
      if (start_s + from_s > at_s + ahead_s) return { does: "rest" };
      if (!holds(laid, start_s + from_s, start_s + to_s)) return { does: "lay", piece, part };
    }
  }
  if (isLast) return { does: "end" };
  return { does: pieces.length > 1 ? "rest" : "go on" };
}
