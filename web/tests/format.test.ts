import { expect, test } from "vitest";
import { bytes, clock, duration, fromNow, level, percent, spokenTime } from "@/ui/format";

test.each([
  [0, "0:00"],
  [67.9, "1:07"],
  [3727, "1:02:07"],
  [-3, "0:00"],
  [Number.NaN, "0:00"],
])("%d s read as a clock are %s", (seconds, expected) => {
  expect(clock(seconds)).toBe(expected);
});

test.each([
  [0, "0 B"],
  [999, "999 B"],
  [1_000, "1 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [13_400_000_000, "13.4 GB"],
  [5e15, "5000 TB"],
])("%d bytes are %s", (count, expected) => {
  expect(bytes(count)).toBe(expected);
});

test("levels have a true minus sign", () => {
  expect(level(-14.23, "LUFS")).toBe("−14.2 LUFS");
  expect(level(0.5, "dBTP")).toBe("0.5 dBTP");
});

test("a share is never told as complete before it is", () => {
  expect(percent(999, 1000)).toBe(99);
  expect(percent(1000, 1000)).toBe(100);
  expect(percent(0, 0)).toBe(0);
});

test("times are spoken with their units", () => {
  expect(spokenTime(61)).toBe("1 minute 1 second");
  expect(spokenTime(5)).toBe("5 seconds");
  expect(duration(null)).toBe("–");
});

test.each([
  ["2026-03-01T11:59:30Z", "just now"],
  ["2026-03-01T11:57:00Z", "3 minutes ago"],
  ["2026-03-01T10:00:00Z", "2 hours ago"],
  ["2026-02-28T11:00:00Z", "yesterday"],
  ["2026-03-03T13:00:00Z", "in 2 days"],
])("%s is told as %s at noon of the 1st of March", (time, expected) => {
  expect(fromNow(time, Date.parse("2026-03-01T12:00:00Z"))).toBe(expected);
});
