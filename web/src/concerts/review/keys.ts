/** The keys of reviews. The page has `/` before the palette has it. */
import { createStore } from "@/api/store";
import type { Keys } from "@/shell/face";

export interface Shown {
  /** Accepts the candidate at that place, from 0; nothing where there is none. */
  accept: (at: number) => void;
  none: () => void;
  skip: () => void;
  undo: () => void;
  byHand: () => void;
}

/** What keys do to the review that is shown. */
export const shownReview = createStore<Shown | null>(null);

export const reviewHelp: Keys["help"] = [
  { keys: ["1–9"], does: "In a review: it was that one; / finds another", on: "reviews" },
  { keys: ["n"], does: "In a review: it wasn’t a concert", on: "reviews" },
  { keys: ["s"], does: "In a review: skip it", on: "reviews" },
  { keys: ["u"], does: "Take the last decision back", on: "reviews" },
];

const WRITING = "input, textarea, select, [contenteditable='true']";

function pressFirst(event: KeyboardEvent): void {
  const review = shownReview.get();
  if (!review || event.altKey || event.ctrlKey || event.metaKey) return;
  const target = event.target instanceof Element ? event.target : document.body;
  if (document.querySelector("dialog[open]") || target.closest(WRITING)) return;
  const at = /^[1-9]$/.test(event.key) ? Number(event.key) - 1 : -1;
  // Held down, a key would decide on what comes next, too.
  if (at >= 0 && !event.repeat) review.accept(at);
  else {
    const does: Readonly<Record<string, () => void>> = {
      n: review.none,
      s: review.skip,
      u: review.undo,
      "/": review.byHand,
    };
    if (!Object.hasOwn(does, event.key)) return;
    if (!event.repeat) does[event.key]?.();
  }
  event.preventDefault();
  event.stopPropagation();
}

/** Until the returned function is called. */
export function startReviewKeys(): () => void {
  window.addEventListener("keydown", pressFirst, { capture: true });
  return () => window.removeEventListener("keydown", pressFirst, { capture: true });
}
