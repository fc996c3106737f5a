/** What a shared thing is, in words. */
import { onDay } from "@/ui/format";
import type { Shared } from "./queries";

const KINDS = { track: "Track", album: "Album", playlist: "Playlist" } as const;
const MINUTE_MS = 60_000;
const HOUR_MIN = 60;

/** "43 min", "1 h 5 min". */
export function lengthOf(duration_ms: number): string {
  const minutes = Math.max(1, Math.round(duration_ms / MINUTE_MS));
  const hours = Math.floor(minutes / HOUR_MIN);
  if (hours === 0) return `${minutes} min`;
  return minutes % HOUR_MIN === 0 ? `${hours} h` : `${hours} h ${minutes % HOUR_MIN} min`;
}

export function factsOf({ kind, year, track_count, duration_ms }: Shared): string {
  const facts: string[] = [KINDS[kind]];
  if (year !== null) facts.push(String(year));
  if (kind !== "track") facts.push(track_count === 1 ? "1 track" : `${track_count} tracks`);
  if (duration_ms > 0) facts.push(lengthOf(duration_ms));
  return facts.join(" · ");
}

export function byOf({ owner_name }: Shared): string {
  return owner_name === "" ? "Shared by somebody" : `Shared by ${owner_name}`;
}

export const untilOf = ({ expires_at }: Shared) =>
  expires_at === null ? null : `This link ends on ${onDay(expires_at)}.`;
