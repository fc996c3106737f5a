/** The last frame of a track in a fragment of MP4 (ISO/IEC 14496-12). It is as long as all others, but the
 *  server says of it how much is sound. Browsers cut a frame only where they know that it goes on: told its
 *  whole length, they end it where the reel is told that the track ends. */

const FRAME_SAMPLES = 1024;
const TFHD_DURATION = 0x8;
const TFHD_BEFORE = [
  [0x1, 8],
  [0x2, 4],
] as const;
const TRUN_DURATION = 0x100;
const TRUN_BEFORE = [
  [0x1, 4],
  [0x4, 4],
] as const;
const TRUN_FIELDS = [0x100, 0x200, 0x400, 0x800];

const START_BYTES = 8;

const ahead = (flags: number, fields: readonly (readonly [number, number])[]) =>
  fields.reduce((sum, [flag, bytes]) => sum + ((flags & flag) === 0 ? 0 : bytes), 0);

/** Boxes of these names between two places, each with where its content begins and ends. */
function* within(view: DataView, from: number, to: number): Generator<[string, number, number]> {
  for (let at = from; at + START_BYTES <= to;) {
    const size = view.getUint32(at);
    if (size < START_BYTES || at + size > to) return;
    const name = String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at + 4, 4));
    yield [name, at + START_BYTES, at + size];
    at += size;
  }
}

function stretch(view: DataView, at: number, end: number): void {
  if (at + 4 <= end && view.getUint32(at) < FRAME_SAMPLES) view.setUint32(at, FRAME_SAMPLES);
}

function wholeIn(view: DataView, name: string, at: number, end: number): void {
  if (end - at < 8) return;
  const flags = view.getUint32(at) & 0xffffff;
  if (name === "tfhd" && (flags & TFHD_DURATION) !== 0) {
    stretch(view, at + 8 + ahead(flags, TFHD_BEFORE), end);
  }
  if (name === "trun" && (flags & TRUN_DURATION) !== 0) {
    const count = view.getUint32(at + 4);
    const width = 4 * TRUN_FIELDS.filter((field) => (flags & field) !== 0).length;
    stretch(view, at + 8 + ahead(flags, TRUN_BEFORE) + (count - 1) * width, end);
  }
}

/** Tells the whole length of the last frame; changes the bytes themselves. */
export function wholeFrames(bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [moof, from, to] of within(view, 0, bytes.length)) {
    if (moof !== "moof") continue;
    for (const [traf, start, end] of within(view, from, to)) {
      if (traf !== "traf") continue;
      for (const [name, at, over] of within(view, start, end)) wholeIn(view, name, at, over);
    }
  }
}
