/** Years of a history with those between them. */
import type { Year } from "../types";

const MOST_YEARS = 80;

/** With the years between in which there was nothing, unless these would be too many to look at. */
export function filled(years: readonly Year[]): Year[] {
  const counts = new Map(years.map(({ year, count }) => [year, count]));
  const known = [...counts.keys()].sort((one, other) => one - other);
  const first = known[0];
  const last = known.at(-1);
  if (first === undefined || last === undefined) return [];
  const span = last - first + 1;
  const all = span > MOST_YEARS ? known : Array.from({ length: span }, (_, at) => first + at);
  return all.map((year) => ({ year, count: counts.get(year) ?? 0 }));
}
