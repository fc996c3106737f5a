/** A due time as two fields, a day and a time, and back; without a time the day's end is meant. */
import { endOfDay, isWholeDay } from "./due";

const two = (value: number) => String(value).padStart(2, "0");

export function fieldsOf(time: string | null): { day: string; clock: string } {
  if (time === null) return { day: "", clock: "" };
  const at = new Date(time);
  return {
    day: `${String(at.getFullYear()).padStart(4, "0")}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    clock: isWholeDay(at) ? "" : `${two(at.getHours())}:${two(at.getMinutes())}`,
  };
}

/** Null without a day. */
export function timeOf(day: string, clock: string): string | null {
  const [year, month, date] = day.split("-").map(Number);
  if (year === undefined || month === undefined || date === undefined) return null;
  const [hour, minute] = clock.split(":").map(Number);
  const at =
    hour === undefined || minute === undefined
      ? endOfDay(year, month - 1, date)
      : new Date(year, month - 1, date, hour, minute);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

/** "gear, #live" as labels. */
export const labelsOf = (text: string) => [
  ...new Set(text.split(/[\s,#]+/u).filter((label) => label !== "")),
];
