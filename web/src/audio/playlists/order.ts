/** The order of a playlist as it is shown: across pages, as it will be once something was moved. */
import type { InfiniteData } from "@tanstack/react-query";
import type { Page } from "@/api/types";
import type { Entry } from "../types";

export type EntryPages = InfiniteData<Page<Entry>>;

export const entriesOf = (data: EntryPages | undefined) =>
  data?.pages.flatMap(({ items }) => items) ?? [];

/** The same pages with other entries in them. */
export function laidOut(data: EntryPages, entries: readonly Entry[]): EntryPages {
  let from = 0;
  const pages = data.pages.map((page, at) => {
    const to = at === data.pages.length - 1 ? entries.length : from + page.items.length;
    const items = entries.slice(from, to);
    from = to;
    return { ...page, items };
  });
  return { ...data, pages };
}

/** The entries with one of them in another one's place, and which it stands behind then. */
export function movedTo(
  entries: readonly Entry[],
  id: string,
  overId: string,
): { entries: Entry[]; behind: string | null } | null {
  const from = entries.findIndex((each) => each.id === id);
  const to = entries.findIndex((each) => each.id === overId);
  if (from < 0 || to < 0 || from === to) return null;
  const next = [...entries];
  next.splice(to, 0, ...next.splice(from, 1));
  return { entries: next, behind: next[to - 1]?.id ?? null };
}

/** What an entry stands behind; null at the front. */
export function behindOf(entries: readonly Entry[], id: string): string | null {
  const at = entries.findIndex((each) => each.id === id);
  return entries[at - 1]?.id ?? null;
}

/** The entries with one of them behind another one, or at the front. */
export function placedBehind(entries: readonly Entry[], id: string, behind: string | null): Entry[] {
  const moved = entries.find((each) => each.id === id);
  const rest = entries.filter((each) => each.id !== id);
  const at = behind === null ? 0 : rest.findIndex((each) => each.id === behind) + 1;
  if (!moved || (behind !== null && at === 0)) return [...entries];
  return [...rest.slice(0, at), moved, ...rest.slice(at)];
}
