// @vitest-environment happy-dom
import { expect, test } from "vitest";
import { measured, rungFor } from "@/audio/player/bandwidth";
import { wholeFrames } from "@/audio/player/frames";
import { gainDb } from "@/audio/player/levelling";
import { Misshapen, partsIn, rungsIn } from "@/audio/player/manifest";
import { stepAt, type Planned } from "@/audio/player/plan";

const MASTER = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-INDEPENDENT-SEGMENTS
#EXT-X-STREAM-INF:BANDWIDTH=320000,AVERAGE-BANDWIDTH=300000,CODECS="mp4a.40.2"
high.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=77000,AVERAGE-BANDWIDTH=70000,CODECS="mp4a.40.2"
low.m3u8
`;
const PLAYLIST = `#EXTM3U
#EXT-X-MAP:URI="low.m4a",BYTERANGE="752@0"
#EXTINF:5.990000000,
#EXT-X-BYTERANGE:1000@828
low.m4a?0
#EXTINF:2.010000000,
#EXT-X-BYTERANGE:500@1828
low.m4a?1
#EXT-X-ENDLIST
`;
const BASE = "https://media.example.org/signed/track/master.m3u8";

test("the rungs are those of the master, the lowest first, under the address that was signed", () => {
  const rungs = rungsIn(MASTER, BASE);

  expect(rungs.map(({ name, peak_bps }) => [name, peak_bps])).toEqual([
    ["low", 77_000],
    ["high", 320_000],
  ]);
  expect(rungs[0]?.playlist).toBe("https://media.example.org/signed/track/low.m3u8");
  expect(() => rungsIn("Not found", BASE)).toThrow(Misshapen);
});

test("parts follow one another from the track's start, each a range of the rung's file", () => {
  const { header, parts, duration_s } = partsIn(PLAYLIST, BASE);

  expect(header).toMatchObject({ from: 0, size: 752 });
  expect(parts.map(({ from, size, from_s, to_s }) => [from, size, from_s, to_s])).toEqual([
    [828, 1000, 0, 5.99],
    [1828, 500, 5.99, 8],
  ]);
  expect(duration_s).toBe(8);
  expect(() => partsIn("#EXTM3U\n", BASE)).toThrow(Misshapen);
});

test("the best rung that the connection carries is taken, the named one where one is named", () => {
  const rungs = rungsIn(MASTER, BASE);

  expect(rungFor(rungs, "auto", 1_000_000)?.name).toBe("high");
  expect(rungFor(rungs, "auto", 300_000)?.name).toBe("low");
  expect(rungFor(rungs, "auto", 10_000)?.name).toBe("low");
  expect(rungFor(rungs, "high", 10_000)?.name).toBe("high");
});

test("a fall of the connection is believed sooner than a rise", () => {
  const fallen = measured(1_000_000, 25_000, 2);
  const risen = measured(100_000, 125_000, 1);

  expect(fallen).toBeCloseTo(280_000);
  expect(risen).toBeCloseTo(460_000);
  expect(measured(100_000, 1_000, 0)).toBe(100_000);
});

const { parts } = partsIn(PLAYLIST, BASE);
const placed = (start_s: number): Planned => ({ start_s, end_s: start_s + 8, parts });

test.each([
  ["the part that plays first", 0, [], { does: "lay", piece: 0, part: 0 }],
  ["the next one after it", 0, [[0, 5.99]], { does: "lay", piece: 0, part: 1 }],
  ["the next track behind its end", 0, [[0, 8]], { does: "lay", piece: 1, part: 0 }],
  ["what a leap of the playhead needs", 6.5, [[0, 5.99]], { does: "lay", piece: 0, part: 1 }],
  ["nothing where all is laid", 7, [[0, 16.0001]], { does: "rest" }],
] as const)("there is laid %s", (_what, at_s, laid, step) => {
  expect(stepAt(at_s, [placed(0), placed(8)], laid, false)).toEqual(step);
});

test("behind the only track another is looked for, until there is none", () => {
  expect(stepAt(2, [placed(0)], [[0, 8]], false)).toEqual({ does: "go on" });
  expect(stepAt(2, [placed(0)], [[0, 8]], true)).toEqual({ does: "end" });
});

test("what comes no more is taken off, and what has long been played", () => {
  expect(stepAt(2, [placed(0)], [[0, 12]], false)).toEqual({
    does: "take off",
    from_s: 8,
    to_s: Number.POSITIVE_INFINITY,
  });
  expect(stepAt(104, [placed(100)], [[0, 108]], true)).toEqual({
    does: "take off",
    from_s: 0,
    to_s: 44,
  });
});

test("only a minute is laid ahead", () => {
  const long = { ...placed(0), parts: parts.map((part) => ({ ...part, from_s: part.from_s + 70 })) };

  expect(stepAt(0, [long], [], false)).toEqual({ does: "rest" });
});

const word = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const box = (name: string, ...content: number[]): number[] => [
  ...word(8 + content.length),
  ...new TextEncoder().encode(name),
  ...content,
];

test("the last frame of a track is told as long as the others", () => {
  const tfhd = (length: number) => box("tfhd", ...word(0x20008), ...word(1), ...word(length));
  // Two frames with length and size, behind the offset of their data.
  const trun = (length: number) =>
    box("trun", ...word(0x301), ...[2, 99, 1024, 7, length, 8].flatMap(word));
  const moof = (...boxes: number[][]) => box("moof", ...box("mfhd", 0), ...box("traf", ...boxes.flat()));
  const fragment = (length: number) =>
    new Uint8Array([...moof(tfhd(1024), trun(length)), ...moof(tfhd(length)), ...box("mdat", 1, 2)]);

  const bytes = fragment(200);
  wholeFrames(bytes);
  const torn = new Uint8Array([...word(9999), 1, 2]);
  wholeFrames(torn);

  expect(bytes).toEqual(fragment(1024));
  expect(torn).toEqual(new Uint8Array([...word(9999), 1, 2]));
});

test("a level brings a track to its gain, an album to its own, and cuts no peak", () => {
  const loudness = { integrated_lufs: -10, gain_db: -8, true_peak_dbtp: -1 };

  expect(gainDb({ loudness }, "off", -6)).toBe(0);
  expect(gainDb({ loudness }, "track", -6)).toBe(-8);
  expect(gainDb({ loudness }, "album", -6)).toBe(-6);
  expect(gainDb({ loudness }, "album", null)).toBe(-8);
  expect(gainDb({ loudness: { ...loudness, gain_db: 7 } }, "track", null)).toBe(1);
  expect(gainDb({ loudness: null }, "track", null)).toBe(0);
});
