/** Sessions of photos, and how likely an evening is, as people read them. */
import { shortDay } from "../history/words";
import type { ConcertItem } from "../types";
import { dayWords } from "../words";
import type { Review } from "./types";

const hour = new Intl.DateTimeFormat(undefined, { timeStyle: "short", timeZone: "UTC" });

const dayOf = (wall: string) => wall.slice(0, 10);
const hourOf = (wall: string) => hour.format(new Date(`${wall.slice(0, 19)}Z`));

/** "Wednesday, 1 May 2024": the day on which it began. */
export const spanWords = ({ began_at }: Pick<Review, "began_at">) => dayWords(dayOf(began_at));

/** "20:00 to 22:10", on the clock there. */
export function hoursWords({ began_at, ended_at }: Pick<Review, "began_at" | "ended_at">): string {
  const [from, to] = [hourOf(began_at), hourOf(ended_at)];
  if (from === to) return `At ${from}`;
  return `${from} to ${to}${dayOf(began_at) === dayOf(ended_at) ? "" : " the next day"}`;
}

/** "Berlin time", or that nobody knows. */
export const zoneWords = (zone: string | null) =>
  zone === null
    ? "on the camera’s clock"
    : `${(zone.split("/").at(-1) ?? zone).replaceAll("_", " ")} time`;

export const seenWords = ({ held_on, venue }: ConcertItem) =>
  [shortDay(held_on), venue === null ? "" : venue.name].filter((part) => part !== "").join(", ");

const LIKELY: readonly (readonly [number, string])[] = [
  [0.85, "Very likely"],
  [0.6, "Likely"],
  [0.3, "Possible"],
  [0, "Hardly"],
];

export const likelyWords = (confidence: number) =>
  LIKELY.find(([least]) => confidence >= least)?.[1] ?? "";
