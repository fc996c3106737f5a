/** The keyboard's shortcuts: when keys are left alone, and whom the others are offered to. */
import type { Keys } from "./face";
import { openPalette } from "./overlays";

const WRITING = 'input:not([type="range"]), textarea, select, [contenteditable="true"]';

function onKey(event: KeyboardEvent, all: readonly Keys[]): void {
  const target = event.target instanceof Element ? event.target : document.body;
  if (event.defaultPrevented || document.querySelector("dialog[open]")) return;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") openPalette();
  else if (event.ctrlKey || event.metaKey || event.altKey || target.closest(WRITING)) return;
  else if (!all.some(({ press }) => press(event, target))) return;
  event.preventDefault();
}

/** Offers each key to the faces in turn, until the returned function is called. */
export function startKeys(all: readonly Keys[]): () => void {
  const listen = (event: KeyboardEvent) => onKey(event, all);
  window.addEventListener("keydown", listen);
  return () => window.removeEventListener("keydown", listen);
}
