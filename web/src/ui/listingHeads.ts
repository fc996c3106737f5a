/** The heads of a list's columns: how each sorts, and what a press on it does. */

export interface Column<S extends string> {
  key: string;
  name: string;
  /** A class for its width, and for where it is left out. */
  look?: string | undefined;
  /** Named for screen readers only. */
  unseen?: boolean;
  /** The sorts that a press chooses, one after the other. */
  sorts?: readonly { value: S; direction: "ascending" | "descending" }[];
}

interface Head<S extends string> {
  key: string;
  name: string;
  look: string | undefined;
  unseen: boolean;
  /** Set where the list is sorted by it. */
  direction: "ascending" | "descending" | undefined;
  /** What a press sorts by; left out where it doesn't sort. */
  next: S | undefined;
}

export function headsOf<S extends string>(
  columns: readonly Column<S>[],
  sort: S | undefined,
): Head<S>[] {
  return columns.map(({ key, name, look, unseen = false, sorts = [] }) => {
    const at = sorts.findIndex(({ value }) => value === sort);
    return {
      key,
      name,
      look,
      unseen,
      direction: sorts[at]?.direction,
      next: sorts[(at + 1) % Math.max(sorts.length, 1)]?.value,
    };
  });
}
