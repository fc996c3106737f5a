/** A track at its place on the reel, and how its parts are fetched at the rung that the connection carries. */
import { streamOf } from "../queries";
import type { Quality, Stream, Track } from "../types";
import { bandwidth_bps, rungFor } from "./bandwidth";
import { fetchPlaylist, fetchRange } from "./fetching";
import { wholeFrames } from "./frames";
import { Misshapen, partsIn, rungsIn, type Parts, type Rung } from "./manifest";
import type { Planned } from "./plan";

type Bytes = Uint8Array<ArrayBuffer>;

export interface Piece extends Planned {
  track: Track;
  /** When the addresses of its files run out. */
  expires_ms: () => number;
  /** A part, and the header of its rung, by whose name another header is told. */
  fetch: (part: number, signal: AbortSignal) => Promise<{ rung: string; header: Bytes; bytes: Bytes }>;
  /** Asks for new addresses of the same files. */
  renew: (signal: AbortSignal) => Promise<void>;
}

const HLS_TYPE = /mpegurl/i;

export const isHls = ({ content_type }: Stream) => HLS_TYPE.test(content_type);

/** One stream's addresses, which run out together. */
function files(rungs: readonly Rung[], quality: Quality) {
  const known = new Map<string, Parts>();
  const headers = new Map<string, Bytes>();
  const partsOf = async ({ name, playlist }: Rung, signal: AbortSignal) => {
    const parts = known.get(name) ?? partsIn(await fetchPlaylist(playlist, signal), playlist);
    known.set(name, parts);
    return parts;
  };
  const choose = () => {
    const rung = rungFor(rungs, quality, bandwidth_bps());
    if (rung === undefined) throw new Misshapen("no rungs");
    return rung;
  };
  return {
    parts: (signal: AbortSignal) => partsOf(choose(), signal),
    async fetch(index: number, signal: AbortSignal) {
      const rung = choose();
      const { header: where, parts } = await partsOf(rung, signal);
      const part = parts[index];
      if (part === undefined) throw new Misshapen("the rungs differ");
      const header = headers.get(rung.name) ?? (await fetchRange(where, signal));
      headers.set(rung.name, header);
      const bytes = await fetchRange(part, signal);
      if (index === parts.length - 1) wholeFrames(bytes);
      return { rung: rung.name, header, bytes };
    },
  };
}

async function filesOf(stream: Stream, quality: Quality, signal: AbortSignal) {
  const address = new URL(stream.url, location.href).href;
  return files(rungsIn(await fetchPlaylist(address, signal), address), quality);
}

/** `stream` is the track's master playlist. */
export async function openPiece(
  track: Track,
  stream: Stream,
  quality: Quality,
  start_s: number,
  signal: AbortSignal,
): Promise<Piece> {
  let given = stream;
  let from = await filesOf(given, quality, signal);
  const { parts, duration_s } = await from.parts(signal);
  return {
    track,
    start_s,
    end_s: start_s + duration_s,
    parts,
    expires_ms: () => Date.parse(given.expires_at),
    fetch: (part, aborted) => from.fetch(part, aborted),
    async renew(aborted) {
      given = await streamOf(track, "auto", aborted);
      from = await filesOf(given, quality, aborted);
    },
  };
}
