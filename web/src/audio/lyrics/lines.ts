/** Lines of words: which of them is sung now, and all of them as the text that people write. */
import type { Lyrics, LyricsLine } from "../types";

/** The last line that has begun; -1 before the first. */
export function lineAt(lines: readonly LyricsLine[], position_ms: number): number {
  return lines.findLastIndex(({ start_ms }) => (start_ms ?? Infinity) <= position_ms);
}

function stamp(start_ms: number): string {
  const minutes = Math.floor(start_ms / 60_000);
  const seconds = ((start_ms % 60_000) / 1000).toFixed(3);
  return `[${String(minutes).padStart(2, "0")}:${seconds.padStart(6, "0")}]`;
}

/** Plain lines, or LRC where they are timed. */
export function asText({ lines }: Lyrics): string {
  return lines
    .map(({ text, start_ms }) => (typeof start_ms === "number" ? `${stamp(start_ms)}${text}` : text))
    .join("\n");
}
