/** When a share ends, to choose and in words. */
import { fromNow, onDay } from "@/ui/format";
import type { Share } from "../types";

export const ENDS = [
  { value: "1", name: "In a day" },
  { value: "7", name: "In a week" },
  { value: "30", name: "In 30 days" },
  { value: "365", name: "In a year" },
  { value: "never", name: "When you revoke it" },
] as const;

export const USUAL_END = "30";

const DAY_MS = 86_400_000;

/** As the server takes it. */
export const daysOf = (end: string) => (end === "never" ? null : Number(end));

export const isOver = ({ expires_at }: Pick<Share, "expires_at">, now_ms: number) =>
  expires_at !== null && Date.parse(expires_at) <= now_ms;

export function endOf({ expires_at }: Pick<Share, "expires_at">, now_ms: number): string {
  if (expires_at === null) return "Until you revoke it";
  const left_ms = Date.parse(expires_at) - now_ms;
  if (left_ms <= 0) return `Ended ${fromNow(expires_at, now_ms)}`;
  return left_ms < DAY_MS ? `Ends ${fromNow(expires_at, now_ms)}` : `Ends on ${onDay(expires_at)}`;
}

export function visitsOf({ visit_count, last_visited_at }: Share, now_ms: number): string {
  if (last_visited_at === null) return "Not opened yet";
  const times = visit_count === 1 ? "Opened once" : `Opened ${visit_count} times`;
  return `${times}, ${visit_count === 1 ? "" : "last "}${fromNow(last_visited_at, now_ms)}`;
}
