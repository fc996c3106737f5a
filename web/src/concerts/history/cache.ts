/** One concert changed wherever it is shown, before or after the server has said so. */
import type { InfiniteData } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import type { Concert, ConcertItem, ConcertPage } from "../types";
import { surelyShows, type HistoryFilter } from "./filter";
import { concertQuery, HISTORY, LISTS } from "./queries";

type Pages = InfiniteData<ConcertPage, string | null>;

/** A longer list than this isn't read again under the reader's eyes. */
const MOST_PAGES_AGAIN = 3;

const isShort = (data: unknown) => {
  const { pages } = (data ?? {}) as Partial<Pages>;
  return pages === undefined || pages.length <= MOST_PAGES_AGAIN;
};

/** What the history shows is read again; long lists only if told. */
export const reread = (long = false) =>
  queryClient.invalidateQueries({
    queryKey: HISTORY,
    predicate: ({ state }) => long || isShort(state.data),
  });

/** An answer that is on its way tells of the time before a change, and would undo it on the page. */
export const holdReads = () =>
  queryClient.cancelQueries({
    queryKey: HISTORY,
    predicate: ({ state }) => state.data !== undefined,
  });

/** Changes a concert in all lists; null takes it out. */
export function patchConcert(id: string, change: (concert: ConcertItem) => ConcertItem | null): void {
  queryClient.setQueriesData<Pages>({ queryKey: LISTS }, (data) => {
    if (data === undefined) return data;
    const pages = data.pages.map((page) => ({
      ...page,
      items: page.items.flatMap((each) => (each.id === id ? (change(each) ?? []) : [each])),
    }));
    return { ...data, pages };
  });
}

const before = (filter: HistoryFilter, one: ConcertItem, other: ConcertItem) => {
  if (filter.sort === "-created_at") return true;
  return filter.sort === "held_on" ? one.held_on < other.held_on : one.held_on >= other.held_on;
};

/** Puts a new concert into the lists that surely show it, where its day is. */
export function placeConcert(concert: ConcertItem): void {
  for (const { queryKey } of queryClient.getQueryCache().findAll({ queryKey: LISTS })) {
    const filter = queryKey[LISTS.length] as HistoryFilter;
    if (!surelyShows(filter, concert.held_on)) continue;
    queryClient.setQueryData<Pages>(queryKey, (data) => {
      if (data === undefined) return data;
      let placed = false;
      const last = data.pages.length - 1;
      const pages = data.pages.map((page, index) => {
        if (placed) return page;
        const at = page.items.findIndex((each) => before(filter, concert, each));
        const ends = at < 0 && index === last && page.next_cursor === null;
        if (at < 0 && !ends) return page;
        placed = true;
        const to = ends ? page.items.length : at;
        return { ...page, items: page.items.toSpliced(to, 0, concert) };
      });
      return { ...data, pages };
    });
  }
}

/** A concert as lists show it. */
export function itemOf(concert: Concert): ConcertItem {
  const { id, held_on, ends_on, title, festival, venue, bill } = concert;
  const { source, confidence, photo_count, cover, version } = concert;
  return {
    id,
    held_on,
    ends_on,
    title,
    festival,
    venue,
    bill: bill.map(({ artist_id, name, headliner }) => ({ artist_id, name, headliner })),
    source,
    confidence,
    photo_count,
    cover,
    version,
  };
}

/** What the server answered, for its own page and in the lists. */
export function keepConcert(concert: Concert): void {
  queryClient.setQueryData<Concert>(concertQuery(concert.id).queryKey, concert);
  patchConcert(concert.id, () => itemOf(concert));
}
