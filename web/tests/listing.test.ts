import { expect, test } from "vitest";
import { rowsOf } from "@/ui/chartData";
import { headsOf } from "@/ui/listingHeads";
import { target } from "@/ui/useRows";

const TITLE = { key: "title", name: "Title", sorts: [{ value: "title", direction: "ascending" }] } as const;
const ADDED = {
  key: "added",
  name: "Added",
  sorts: [
    { value: "-added", direction: "descending" },
    { value: "added", direction: "ascending" },
  ],
} as const;
const LENGTH = { key: "length", name: "Length" } as const;

test("keys walk through a list and stop at its ends", () => {
  expect(target("ArrowDown", 4, 10)).toBe(5);
  expect(target("ArrowDown", 9, 10)).toBe(9);
  expect(target("PageUp", 4, 10)).toBe(0);
  expect(target("End", 0, 10)).toBe(9);
  expect(target("toString", 0, 10)).toBeNull();
});

test("a press on the head that sorts already takes its next sort", () => {
  const pressed = (sort: string) => headsOf<string>([TITLE, ADDED, LENGTH], sort).map(({ next }) => next);

  expect(pressed("title")).toEqual(["title", "-added", undefined]);
  expect(pressed("-added")).toEqual(["title", "added", undefined]);
  expect(pressed("added")).toEqual(["title", "-added", undefined]);
});

test("a head says how the list is sorted by it", () => {
  const heads = headsOf<string>([TITLE, ADDED, LENGTH], "-added");

  expect(heads.map(({ direction }) => direction)).toEqual([undefined, "descending", undefined]);
});

test("the table behind a chart tells places and values in words", () => {
  const rows = rowsOf({
    across: { name: "Time", places: [0, 1], words: (place) => `${place} s` },
    unit: "dBFS",
    series: [{ name: "Peak", hue: "audio", values: [-3.456, null] }],
  });

  expect(rows).toEqual([
    { at: "0 s", values: ["-3.46"] },
    { at: "1 s", values: ["–"] },
  ]);
});

test("the table behind a long chart is short", () => {
  const places = Array.from({ length: 1_000 }, (_, at) => at);
  const series = [{ name: "Peak", hue: "audio", values: places }];

  expect(rowsOf({ across: { name: "Time", places }, unit: "dB", series }).length).toBeLessThan(61);
});
