/** Which concerts a list shows: as an address says it, as the server is asked. */
import { textOf } from "@/shell/roots";

export const SORTS = ["-held_on", "held_on", "-created_at"] as const;
export type Sort = (typeof SORTS)[number];

/** What the address says. */
export interface HistoryFilter {
  q?: string;
  year?: number;
  artist?: string;
  venue?: string;
  city?: string;
  sort?: Sort;
}

export type NameSort = "-concert_count" | "name";

/** Which artists or venues a list shows. */
export interface NameFilter {
  q?: string;
  sort?: NameSort;
}

type Loose = { [name in keyof HistoryFilter]: HistoryFilter[name] | undefined };

/** Only what is said: an address is as short as it can be. */
export const saying = (loose: Loose): HistoryFilter =>
  Object.fromEntries(
    Object.entries(loose).filter(([, value]) => value !== undefined && value !== ""),
  );

/** "1984" in an address comes as the number that it could be. */
const text = (value: unknown) => textOf(typeof value === "number" ? String(value) : value);
const FIRST_YEAR = 1900;
const LAST_YEAR = 9998;
const year = (value: unknown) => {
  const number = Number(value);
  return Number.isInteger(number) && number >= FIRST_YEAR && number <= LAST_YEAR ? number : undefined;
};
const uuid = (value: unknown) =>
  typeof value === "string" && /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.test(value)
    ? value
    : undefined;

/** What an address says of the list; the rest of it is left out. */
export const readHistory = (search: Record<string, unknown>): HistoryFilter =>
  saying({
    q: text(search.q),
    year: year(search.year),
    artist: uuid(search.artist),
    venue: uuid(search.venue),
    city: text(search.city),
    sort: SORTS.find((each) => each === search.sort),
  });

export function readNames(search: Record<string, unknown>): NameFilter {
  const q = text(search.q);
  return { ...(q === undefined ? {} : { q }), ...(search.sort === "name" ? { sort: "name" } : {}) };
}

/** Whether it leaves anything out. */
export const isNarrowed = ({ q, year: in_year, artist, venue, city }: Loose) =>
  [q, in_year, artist, venue, city].some((each) => each !== undefined);

/** Whether a list surely shows what was just added; of names and words the server is the judge. */
export const surelyShows = (filter: HistoryFilter, held_on: string) =>
  [filter.q, filter.artist, filter.venue, filter.city].every((each) => each === undefined) &&
  (filter.year === undefined || held_on.startsWith(`${filter.year}-`));
