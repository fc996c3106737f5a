/** When something is due, as people say it: "Today, 21:30", "Friday", "2 days late". */

export interface DueWords {
  text: string;
  late: boolean;
  soon: boolean;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAYS_BY_NAME = 6;

/** A day without a time is due at its end: the last minute stands for none. */
export const isWholeDay = (at: Date) => at.getHours() === 23 && at.getMinutes() === 59;

export const endOfDay = (year: number, month: number, day: number) =>
  new Date(year, month, day, 23, 59);

const hour = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
// The words around them are English.
const weekday = new Intl.DateTimeFormat("en-GB", { weekday: "long" });
const date = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const dateOfYear = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });

/** How many midnights lie between two moments, whatever the clocks do in between. */
export function daysBetween(from: Date, to: Date): number {
  const day = (at: Date) => Date.UTC(at.getFullYear(), at.getMonth(), at.getDate());
  return Math.round((day(to) - day(from)) / (24 * HOUR_MS));
}

const several = (count: number, unit: string) => `${count} ${unit}${count === 1 ? "" : "s"}`;

function lateWords(at: Date, now: Date): string {
  const days = daysBetween(at, now);
  if (days > 0) return `${several(days, "day")} late`;
  const late_ms = now.getTime() - at.getTime();
  if (late_ms < MINUTE_MS) return "Due now";
  if (late_ms < HOUR_MS) return `${Math.floor(late_ms / MINUTE_MS)} min late`;
  return `${several(Math.floor(late_ms / HOUR_MS), "hour")} late`;
}

function dayWords(at: Date, now: Date): string {
  const days = daysBetween(now, at);
  if (days === 0) return "Today";
  if (days === 1) return "Tomorrow";
  if (days === -1) return "Yesterday";
  if (days > 0 && days <= DAYS_BY_NAME) return weekday.format(at);
  return (at.getFullYear() === now.getFullYear() ? date : dateOfYear).format(at);
}

/** A moment without regard to whether it has passed: "Tomorrow, 09:00". */
export function momentWords(time: string, now_ms: number): string {
  const at = new Date(time);
  const day = dayWords(at, new Date(now_ms));
  return isWholeDay(at) ? day : `${day}, ${hour.format(at)}`;
}

export function dueWords(time: string, now_ms: number): DueWords {
  const at = new Date(time);
  const now = new Date(now_ms);
  const late = at.getTime() < now_ms;
  return {
    text: late ? lateWords(at, now) : momentWords(time, now_ms),
    late,
    soon: !late && daysBetween(now, at) === 0,
  };
}
