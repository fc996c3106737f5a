/** The keys of a photo that is shown large, and of the history. */
import { createStore } from "@/api/store";
import type { Keys } from "@/shell/face";
import { historyHelp, pressInHistory } from "./history/keys";
import { reviewHelp } from "./review/keys";

export interface Shown {
  previous: (() => void) | null;
  next: (() => void) | null;
  star: () => void;
  zoom: () => void;
  details: () => void;
  move: () => void;
  close: () => void;
}

/** What keys do to the photo whose page is shown. */
export const shownPhoto = createStore<Shown | null>(null);

/** The keys that have another meaning elsewhere: a photo that is shown has them first. */
function pressFirst(event: KeyboardEvent): void {
  const photo = shownPhoto.get();
  if (!photo || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (document.querySelector("dialog[open]")) return;
  const does: Readonly<Record<string, (() => void) | null>> = {
    ArrowLeft: photo.previous,
    ArrowRight: photo.next,
    Escape: photo.close,
  };
  if (!Object.hasOwn(does, event.key)) return;
  event.preventDefault();
  does[event.key]?.();
}

/** Until the returned function is called. */
export function startArrows(): () => void {
  window.addEventListener("keydown", pressFirst, { capture: true });
  return () => window.removeEventListener("keydown", pressFirst, { capture: true });
}

export const keys: Keys = {
  help: [
    ...historyHelp,
    { keys: ["Arrows"], does: "In a photo: the one before, the next" },
    { keys: ["s"], does: "Star the photo, or not", on: "photos" },
    { keys: ["z"], does: "Zoom into the photo, or out" },
    { keys: ["i"], does: "Details of the photo" },
    ...reviewHelp,
  ],
  press: ({ key }) => {
    const photo = shownPhoto.get();
    if (!photo) return pressInHistory(key);
    const does: Readonly<Record<string, (() => void) | null>> = {
      s: photo.star,
      z: photo.zoom,
      i: photo.details,
      v: photo.move,
    };
    if (!Object.hasOwn(does, key)) return false;
    does[key]?.();
    return true;
  },
};
