/** Which photos of a list are selected: one by one, from one to another with Shift, or all there are. */
import { useState } from "react";
import type { PhotoItem } from "../types";

export interface Selection {
  has: (id: string) => boolean;
  /** With `reaching`, all from the one before to this. */
  toggle: (id: string, reaching: boolean) => void;
}

export type Selected = ReadonlySet<string> | "all";

/** What a press on a photo makes of a selection; whoever takes one from all keeps those shown. */
export function toggled(
  selected: Selected,
  shown: readonly string[],
  id: string,
  last: string | null,
): Selected {
  const next = new Set(selected === "all" ? shown : selected);
  const [from, to] = [last === null ? -1 : shown.indexOf(last), shown.indexOf(id)];
  if (from >= 0 && to >= 0) {
    const reach = shown.slice(Math.min(from, to), Math.max(from, to) + 1);
    for (const each of reach) next.add(each);
  } else if (!next.delete(id)) next.add(id);
  return next;
}

export function useSelection(photos: readonly PhotoItem[]) {
  const [selected, setSelected] = useState<Selected | null>(null);
  const [last, setLast] = useState<string | null>(null);
  const shown = photos.map(({ id }) => id);
  const select = (next: Selected | null) => {
    setSelected(next);
    setLast(null);
  };
  const toggle = (id: string, reaching: boolean) => {
    setSelected((now) => toggled(now ?? new Set(), shown, id, reaching ? last : null));
    setLast(id);
  };
  const selection: Selection = {
    has: (id) => selected === "all" || selected?.has(id) === true,
    toggle,
  };
  return { selected, select, selection };
}
