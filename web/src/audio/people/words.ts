/** What somebody did, in words. */
import type { FeedItem } from "./queries";

const tracks = (count: number) => (count === 1 ? "1 track" : `${count.toLocaleString("en")} tracks`);

export function didOf({ kind, person, playlist, track_count }: FeedItem): string {
  if (kind === "playlist") return `made a playlist with ${tracks(track_count)} public`;
  if (playlist.owner_id === person.id) return `added ${tracks(track_count)} to`;
  return `added ${tracks(track_count)} to a playlist by ${playlist.owner_name === "" ? "somebody" : playlist.owner_name}`;
}

/** How many tracks aren't named; null where all are. */
export function moreOf({ entries, track_count }: FeedItem): string | null {
  const left = track_count - entries.length;
  return left > 0 ? `and ${left.toLocaleString("en")} more` : null;
}
