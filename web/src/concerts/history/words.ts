/** Concerts in words: what they are called, when they were, where, and why they are believed in. */
import type { Concert, ConcertItem, Venue } from "../types";

type Billed = Pick<ConcertItem["bill"][number], "name" | "headliner">;
interface Nameable {
  title: string;
  bill: readonly Billed[];
  venue: Pick<Venue, "name"> | null;
}

const MOST_NAMES = 3;

const listed = (names: readonly string[]) =>
  names.length > MOST_NAMES
    ? `${names.slice(0, MOST_NAMES - 1).join(", ")} and ${names.length - MOST_NAMES + 1} more`
    : names.join(", ");

/** Whom one went for: those on top of the bill, or all of it. */
function leading(bill: readonly Billed[]): readonly Billed[] {
  const tops = bill.filter(({ headliner }) => headliner);
  return tops.length > 0 ? tops : bill;
}

export function concertName({ title, bill, venue }: Nameable): string {
  if (title !== "") return title;
  if (bill.length > 0) return listed(leading(bill).map(({ name }) => name));
  return venue === null ? "A concert" : `A concert at ${venue.name}`;
}

/** Who else played, beside what the name says already. */
export function othersWords({ title, bill }: Nameable): string {
  if (title !== "") return listed(leading(bill).map(({ name }) => name));
  const lead = leading(bill);
  const rest = bill.filter((each) => !lead.includes(each)).map(({ name }) => name);
  return rest.length === 0 ? "" : `with ${listed(rest)}`;
}

const UTC = { timeZone: "UTC" } as const;
const short = new Intl.DateTimeFormat(undefined, {
  ...UTC,
  weekday: "short",
  day: "numeric",
  month: "short",
});
const dated = new Intl.DateTimeFormat(undefined, { ...UTC, dateStyle: "medium" });
const long = new Intl.DateTimeFormat(undefined, { ...UTC, dateStyle: "full" });
const at = (day: string) => new Date(`${day}T00:00:00Z`);

type Days = Pick<ConcertItem, "held_on" | "ends_on">;

const said = (format: Intl.DateTimeFormat, { held_on, ends_on }: Days) =>
  ends_on === null || ends_on === held_on
    ? format.format(at(held_on))
    : format.formatRange(at(held_on), at(ends_on));

/** "Sat, 6 Jul": where the year stands beside it. */
export const dayOfYear = ({ held_on }: Days) => short.format(at(held_on));
export const shortDay = (day: string) => dated.format(at(day));
export const shortDays = (days: Days) => said(dated, days);
export const longDays = (days: Days) => said(long, days);
export const yearOf = ({ held_on }: Pick<ConcertItem, "held_on">) => Number(held_on.slice(0, 4));

// The words around it are English too.
const regions = new Intl.DisplayNames("en", { type: "region", fallback: "none" });

export const countryName = (code: string) =>
  code === "" ? "" : (regions.of(code) ?? code);

/** "Lido, Berlin, Germany", as far as it is known. */
export const venueWords = ({ name, city, country_code }: Omit<Venue, "id" | "location" | "concert_count">) =>
  [name, city, countryName(country_code)].filter((part) => part !== "").join(", ");

export const cityWords = ({ city, country_code }: Pick<Venue, "city" | "country_code">) =>
  [city, countryName(country_code)].filter((part) => part !== "").join(", ");

/** "Europe/Berlin, UTC+02:00": what the clocks there showed on that day. */
export function zoneWords(zone: string, held_on: string): string {
  const name = zone.replaceAll("_", " ");
  try {
    const parts = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "longOffset" });
    const noon = new Date(`${held_on}T12:00:00Z`);
    const offset = parts.formatToParts(noon).find(({ type }) => type === "timeZoneName")?.value;
    return offset === undefined ? name : `${name}, ${offset.replace("GMT", "UTC").replace("-", "−")}`;
  } catch {
    // A zone that this browser hasn't heard of.
    return name;
  }
}

const SOURCES: Record<Concert["source"], string> = {
  automatic: "Found by your photos",
  review: "You chose it among what your photos may be of",
  person: "You added it",
};

export const sourceWords = ({ source }: Pick<Concert, "source">) => SOURCES[source];
