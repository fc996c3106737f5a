/** The keys of the history. Those on a row are the list's own, and only told here. */
import { createStore } from "@/api/store";
import type { Keys } from "@/shell/face";

/** What the form for a new concert begins with, while it is open. */
export interface Beginning {
  held_on?: string;
  artist?: string;
  venue?: { name: string; city: string; country_code: string };
}
export const adding = createStore<Beginning | null>(null);

/** What `n` and `a` begin with on the page that is shown; null elsewhere. */
export const shownHistory = createStore<Beginning | null>(null);

/** What keys do to the concert whose page is shown. */
export const shownConcert = createStore<{ edit: () => void; remove: () => void } | null>(null);

/** What keys do to the photos of the concert whose page is shown. */
export const shownPhotos = createStore<{ toggle: (id: string) => void; move: () => void } | null>(null);

export const historyHelp: Keys["help"] = [
  { keys: ["n", "a"], does: "Add a concert, among the concerts", on: "concerts" },
  { keys: ["↓"], does: "Into the list of concerts, and down", on: "concerts" },
  { keys: ["e"], does: "Edit the concert", on: "concerts" },
  { keys: ["Delete"], does: "Delete the concert", on: "concerts" },
  { keys: ["x"], does: "Select the photo of a concert, or not", on: "concerts" },
  { keys: ["v"], does: "Move photos to another concert" },
];

/** Once in a list, its own keys lead on. */
function enterList(): boolean {
  const row = document.querySelector<HTMLElement>('tr[data-index][tabindex="0"]');
  if (row === null || document.activeElement !== document.body) return false;
  row.focus();
  return true;
}

/** The photo of a list that the focus is on. */
const photoAt = () => document.activeElement?.closest<HTMLElement>("[data-photo]")?.dataset.photo;

function pressOnPhotos(key: string): boolean {
  const photos = shownPhotos.get();
  if (!photos || (key !== "x" && key !== "v")) return false;
  const id = photoAt();
  if (key === "v") photos.move();
  else if (id !== undefined) photos.toggle(id);
  return true;
}

export function pressInHistory(key: string): boolean {
  if (pressOnPhotos(key)) return true;
  const concert = shownConcert.get();
  if (concert && (key === "e" || key === "Delete")) {
    if (key === "e") concert.edit();
    else concert.remove();
    return true;
  }
  const beginning = shownHistory.get();
  if (beginning && key === "ArrowDown") return enterList();
  if (!beginning || (key !== "n" && key !== "a")) return false;
  adding.set(beginning);
  return true;
}
