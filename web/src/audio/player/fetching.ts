/** Fetches playlists and byte ranges of tracks, within a time, and counts how fast the bytes come. */
import { tellFetched } from "./bandwidth";
import type { Range } from "./manifest";

/** They didn't come; `status` is the HTTP status, 0 when there was none. */
export class Unfetched extends Error {
  constructor(readonly status: number) {
    super(`not fetched: ${status}`);
  }
}

const PLAYLIST_MS = 20_000;
/** A part of the lowest rung is 60 kB: at 16 kbit/s and less nothing can be listened to. */
const PART_MS = 30_000;
const PLAYLIST_BYTES = 4 << 20;

async function bytesOf(
  url: string,
  headers: Record<string, string>,
  most: number,
  signal: AbortSignal,
): Promise<Uint8Array<ArrayBuffer>> {
  let answer: Response;
  try {
    answer = await fetch(url, { headers, signal });
  } catch (error) {
    throw broken(error);
  }
  if (!answer.ok) {
    void answer.body?.cancel();
    throw new Unfetched(answer.status);
  }
  if (Number(answer.headers.get("content-length") ?? 0) > most) {
    // A proxy that knows no ranges sends the whole file.
    void answer.body?.cancel();
    throw new Unfetched(answer.status);
  }
  try {
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (bytes.length > most) throw new Unfetched(answer.status);
    return bytes;
  } catch (error) {
    throw error instanceof Unfetched ? error : broken(error);
  }
}

/** What was called off by ourselves says so, all else is a broken connection. */
const broken = (error: unknown) =>
  error instanceof DOMException && error.name === "AbortError" ? error : new Unfetched(0);

export async function fetchPlaylist(url: string, signal: AbortSignal): Promise<string> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(PLAYLIST_MS)]);
  return new TextDecoder().decode(await bytesOf(url, {}, PLAYLIST_BYTES, limited));
}

export async function fetchRange(range: Range, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const { url, from, size } = range;
  const limited = AbortSignal.any([signal, AbortSignal.timeout(PART_MS)]);
  const begun_ms = performance.now();
  const wanted = { range: `bytes=${from}-${from + size - 1}` };
  const bytes = await bytesOf(url, wanted, size, limited).catch((error: unknown) => {
    const took_s = (performance.now() - begun_ms) / 1000;
    // What didn't come in time tells, too: the next try may be of a lower rung.
    if (!signal.aborted && took_s * 1000 >= PART_MS) tellFetched(0, took_s);
    throw error;
  });
  if (bytes.length !== size) throw new Unfetched(0);
  tellFetched(size, (performance.now() - begun_ms) / 1000);
  return bytes;
}
