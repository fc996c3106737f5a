/** Why a track doesn't sound, in words that say what to do. */
import type { Quality, Track } from "../types";
import { Unfetched } from "./fetching";
import { Misshapen } from "./manifest";
import { Undecodable } from "./reel";
import type { SourceFault } from "./source";
import { QUALITIES } from "./state";

/** What an error on the way says of the source; null where it says nothing. */
export function faultIn(error: unknown): SourceFault | null {
  if (error instanceof Unfetched) return { kind: "network", status: error.status };
  return error instanceof Misshapen || error instanceof Undecodable ? { kind: "format" } : null;
}

export function reasonOf(track: Track, fault: SourceFault, quality: Quality): string {
  const { title, content_type } = track;
  if (fault.kind === "format") {
    const name = QUALITIES.find((each) => each.value === quality)?.name ?? "";
    return quality === "original"
      ? `This browser can't play the original file (${content_type}). The other qualities play everywhere.`
      : `This browser couldn't decode “${title}” at the quality “${name}”.`;
  }
  const { status } = fault;
  if (status === 0) return "The connection to the server broke. Playing goes on when it is back.";
  return status >= 500
    ? `The server failed to send “${title}” (status ${status}). Try again in a moment.`
    : `The server doesn't hand out “${title}” (status ${status}). It may have been deleted.`;
}
