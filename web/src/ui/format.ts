/** Numbers as people read them: times, sizes, levels, dates. */

const two = (value: number) => String(value).padStart(2, "0");

/** 3:07, or 1:02:07 from an hour on. */
export function clock(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}

export const duration = (milliseconds: number | null) =>
  milliseconds === null ? "–" : clock(Math.round(milliseconds / 1000));

/** For screen readers: "3 minutes 7 seconds". */
export function spokenTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const part = (count: number, unit: string) => `${count} ${unit}${count === 1 ? "" : "s"}`;
  const minutes = Math.floor(whole / 60);
  return minutes > 0
    ? `${part(minutes, "minute")} ${part(whole % 60, "second")}`
    : part(whole, "second");
}

const counted = new Intl.NumberFormat("en");

/** 12,480: with a comma, as the words around it are English. */
export const count = (value: number) => counted.format(value);

/** Decimal units, as disks are sold: 1 GB is 10^9 bytes. */
export function bytes(count: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 || Number.isInteger(value) ? 0 : 1;
  return `${value.toFixed(digits)} ${units[unit] ?? ""}`;
}

/** With a true minus sign: "−14.2 LUFS". */
export function level(value: number, unit: string): string {
  return `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(1)} ${unit}`;
}

export const percent = (part: number, whole: number) =>
  whole > 0 ? Math.floor((100 * Math.min(part, whole)) / whole) : 0;

const day = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export const onDay = (time: string) => day.format(new Date(time));
export const atTime = (time: string) => moment.format(new Date(time));

// The words around it are English too.
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const MINUTE_S = 60;
const HOUR_S = 3_600;
const DAY_S = 86_400;
const DAYS_TOLD = 30;

/** How far a time lies from now, either way: "3 minutes ago", "in 2 days"; then the date. */
export function fromNow(time: string, now_ms: number): string {
  const seconds = (Date.parse(time) - now_ms) / 1000;
  const distance_s = Math.abs(seconds);
  if (distance_s < MINUTE_S) return "just now";
  if (distance_s < HOUR_S) return relative.format(Math.trunc(seconds / MINUTE_S), "minute");
  if (distance_s < DAY_S) return relative.format(Math.trunc(seconds / HOUR_S), "hour");
  if (distance_s < DAYS_TOLD * DAY_S) return relative.format(Math.trunc(seconds / DAY_S), "day");
  return day.format(new Date(time));
}

const week = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const hour = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

export const onWeekday = (time: string) => week.format(new Date(time));
export const atHour = (time: string) => hour.format(new Date(time));
