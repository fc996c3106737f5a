/** What the server's HLS playlists say of a track: its rungs, and where in a rung's file each part lies. */

export interface Rung {
  /** "low", "medium", "high". */
  name: string;
  /** Of its densest part, in bit/s. */
  peak_bps: number;
  playlist: string;
}

export interface Range {
  url: string;
  from: number;
  size: number;
}

/** Some seconds of the track, counted from its beginning. */
export interface Part extends Range {
  from_s: number;
  to_s: number;
}

export interface Parts {
  header: Range;
  parts: readonly Part[];
  duration_s: number;
}

/** Not a playlist as the server writes them. */
export class Misshapen extends Error {}

const RUNG = /^#EXT-X-STREAM-INF:BANDWIDTH=(\d+).*\n(([^/\n]+)\.m3u8.*)$/gm;
const HEADER = /^#EXT-X-MAP:URI="([^"]+)",BYTERANGE="(\d+)@(\d+)"$/m;
const PART = /^#EXTINF:([\d.]+),\n#EXT-X-BYTERANGE:(\d+)@(\d+)\n(.+)$/gm;

/** From the lowest to the highest. */
export function rungsIn(master: string, base: string): Rung[] {
  const rungs = [...master.matchAll(RUNG)].map(([, bps, address = "", name = ""]) => ({
    name,
    peak_bps: Number(bps),
    playlist: new URL(address, base).href,
  }));
  if (rungs.length === 0) throw new Misshapen("no rungs");
  return rungs.sort((one, other) => one.peak_bps - other.peak_bps);
}

export function partsIn(playlist: string, base: string): Parts {
  const range = (address = "", size = "", from = "") => ({
    url: new URL(address, base).href,
    from: Number(from),
    size: Number(size),
  });
  const header = HEADER.exec(playlist);
  const parts: Part[] = [];
  let from_s = 0;
  for (const [, length = "", size, from, address] of playlist.matchAll(PART)) {
    const to_s = from_s + Number(length);
    parts.push({ ...range(address, size, from), from_s, to_s });
    from_s = to_s;
  }
  if (header === null || from_s <= 0) throw new Misshapen("no parts");
  return { header: range(header[1], header[2], header[3]), parts, duration_s: from_s };
}
