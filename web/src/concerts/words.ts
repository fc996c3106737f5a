/** Times and places of photos as people read them. Wall time is shown as it is, wherever one looks
 *  from: it is never turned into the reader's own zone. */
import type { Photo, PhotoItem } from "./types";

const day = new Intl.DateTimeFormat(undefined, {
  weekday: "long",
  day: "numeric",
  month: "long",
  year: "numeric",
  timeZone: "UTC",
});
const moment = new Intl.DateTimeFormat(undefined, {
  dateStyle: "full",
  timeStyle: "short",
  timeZone: "UTC",
});
const WALL_CHARACTERS = 19;

const wall = (taken_at: string) => new Date(`${taken_at.slice(0, WALL_CHARACTERS)}Z`);

export const NO_DAY = "none";

export const dayOf = ({ taken_at }: Pick<PhotoItem, "taken_at">) =>
  taken_at === null ? NO_DAY : taken_at.slice(0, 10);

export const dayWords = (key: string) =>
  key === NO_DAY ? "Without a time" : day.format(new Date(`${key}T00:00:00Z`));

export const momentWords = (taken_at: string) => moment.format(wall(taken_at));

/** "UTC+02:00", or nothing where it isn't known. */
export function offsetWords(taken_at: string): string | null {
  const found = /(Z|[+-]\d\d:\d\d)$/.exec(taken_at.slice(WALL_CHARACTERS))?.[1];
  if (found === undefined) return null;
  return found === "Z" || found === "+00:00" ? "UTC" : `UTC${found.replace("-", "−")}`;
}

const SOURCES: Record<NonNullable<Photo["offset_source"]>, string> = {
  camera: "the camera says so",
  gps: "by GPS time",
  place: "by the place",
  default: "assumed",
  person: "you said so",
};

export const sourceWords = (source: Photo["offset_source"]) =>
  source === null ? null : SOURCES[source];

const degrees = (value: number, positive: string, negative: string) =>
  `${Math.abs(value).toFixed(3)}° ${value < 0 ? negative : positive}`;

export const placeWords = (latitude: number, longitude: number) =>
  `${degrees(latitude, "N", "S")}, ${degrees(longitude, "E", "W")}`;

/** About a kilometre around a place, as lists take it. */
export function around(latitude: number, longitude: number): string {
  const half = 0.006;
  const wide = half / Math.max(Math.cos((latitude * Math.PI) / 180), 0.05);
  const bounded = (value: number, most: number) => Math.min(Math.max(value, -most), most).toFixed(4);
  return [
    bounded(latitude - half, 90),
    bounded(longitude - wide, 180),
    bounded(latitude + half, 90),
    bounded(longitude + wide, 180),
  ].join(",");
}

export const photoName = ({ alt_text, filename }: Pick<PhotoItem, "alt_text" | "filename">) =>
  alt_text === "" ? filename : alt_text;

export const plural = (count: number, one: string, many = `${one}s`) =>
  `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
