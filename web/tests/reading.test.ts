import { afterAll, beforeAll, expect, test } from "vitest";
import { readTask } from "@/tasks/reading";

const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = "Europe/Berlin";
});
afterAll(() => {
  process.env.TZ = zone;
});

/** A Wednesday. */
const now = () => new Date(2026, 3, 29, 10, 30);
const read = (line: string, literal: readonly string[] = []) => readTask(line, now(), literal);

/** As a clock on the wall shows it: "2026-05-01 09:00". */
function local(time: string | null): string | null {
  if (time === null) return null;
  const at = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`;
}

test("a line gives title, due, priority and labels", () => {
  const { title, due_at, priority, labels } = read("Restring the bass tomorrow 9am !high #gear");

  expect(title).toBe("Restring the bass");
  expect(due_at).toBe("2026-04-30T07:00:00.000Z");
  expect(priority).toBe("high");
  expect(labels).toEqual(["gear"]);
});

test.each([
  ["today", "2026-04-29 23:59"],
  ["Today 18:00", "2026-04-29 18:00"],
  ["tonight", "2026-04-29 20:00"],
  ["tonight 9pm", "2026-04-29 21:00"],
  ["tomorrow", "2026-04-30 23:59"],
  ["tomorrow noon", "2026-04-30 12:00"],
  ["tomorrow at 9", "2026-04-30 09:00"],
  ["by tomorrow 9:15", "2026-04-30 09:15"],
  ["friday", "2026-05-01 23:59"],
  ["on Friday at 9.30am", "2026-05-01 09:30"],
  ["wednesday", "2026-05-06 23:59"],
  ["on sat", "2026-05-02 23:59"],
  ["sun 8pm", "2026-05-03 20:00"],
  ["next monday", "2026-05-04 23:59"],
  ["next fri 10 am", "2026-05-08 10:00"],
  ["next sunday", "2026-05-10 23:59"],
  ["next week", "2026-05-04 23:59"],
  ["next month", "2026-05-01 23:59"],
  ["in 3 days", "2026-05-02 23:59"],
  ["in a week 7pm", "2026-05-06 19:00"],
  ["in two weeks", "2026-05-13 23:59"],
  ["in 2 months", "2026-06-29 23:59"],
  ["in 3 hours", "2026-04-29 13:30"],
  ["in 20 min", "2026-04-29 10:50"],
  ["5 may", "2026-05-05 23:59"],
  ["may 5th", "2026-05-05 23:59"],
  ["5 May 2027 21:30", "2027-05-05 21:30"],
  ["28 april", "2027-04-28 23:59"],
  ["29 april", "2026-04-29 23:59"],
  ["29 feb", "2028-02-29 23:59"],
  ["1 sept", "2026-09-01 23:59"],
  ["2026-05-01", "2026-05-01 23:59"],
  ["2026-05-01 21:30", "2026-05-01 21:30"],
  ["9am tomorrow", "2026-04-30 09:00"],
  ["at 9am on friday", "2026-05-01 09:00"],
  ["21:30", "2026-04-29 21:30"],
  ["9am", "2026-04-30 09:00"],
  ["12am", "2026-04-30 00:00"],
  ["12:30pm", "2026-04-29 12:30"],
  ["tomorrow,", "2026-04-30 23:59"],
])("“Call the venue %s” is due %s", (words, expected) => {
  const found = read(`Call the venue ${words}`);

  expect(local(found.due_at)).toBe(expected);
  expect(found.title).toBe("Call the venue");
});

test.each([
  "Play Sun City",
  "Write the march",
  "May day poster",
  "Play 4 songs",
  "Order 12 strings",
  "Tape the 30 feb",
  "In the mix",
  "Meet at the gate",
  "Sort out tomorrow's set",
  "Next of kin",
  "Chapter 25:61",
  "Buy 13pm cables",
  "Ask on 2026-02-30",
  "Wow!high",
  "Track #",
  "Set !loud",
  'Learn "Tomorrow Never Knows"',
  "Learn “Friday on my mind”",
])("“%s” is all title", (line) => {
  const { title, readings } = read(line);

  expect(title).toBe(line);
  expect(readings).toEqual([]);
});

test("the first time and the first priority count, the rest is title", () => {
  const { title, due_at, priority } = read("Move the show friday to saturday !low !high");

  expect(title).toBe("Move the show to saturday !high");
  expect(local(due_at)).toBe("2026-05-01 23:59");
  expect(priority).toBe("low");
});

test("labels are read once each, in any script", () => {
  const { labels, title } = read("#gear Strings #Bühne, #gear");

  expect(labels).toEqual(["gear", "Bühne"]);
  expect(title).toBe("Strings");
});

test("what is taken back is title again, and nothing else is read into it", () => {
  const line = "Rehearse friday 9pm #band";
  const [due] = read(line).readings;
  const { title, due_at, labels } = read(line, [due?.words ?? ""]);

  expect(due?.words).toBe("friday 9pm");
  expect(title).toBe("Rehearse friday 9pm");
  expect(due_at).toBeNull();
  expect(labels).toEqual(["band"]);
});

test("readings say where their words stand", () => {
  const line = "Call Ada  tomorrow 9am !urgent";

  expect(read(line).readings.map(({ spans: [[from, to] = [0, 0]] }) => line.slice(from, to))).toEqual([
    "tomorrow 9am",
    "!urgent",
  ]);
});

test("a line of nothing but readings has no title", () => {
  expect(read("tomorrow #gear").title).toBe("");
  expect(read("   ").title).toBe("");
});

test("days are the calendar's, whatever the clocks do", () => {
  const eve = new Date(2026, 2, 28, 22, 0);

  expect(readTask("Tune tomorrow 9am", eve).due_at).toBe("2026-03-29T07:00:00.000Z");
  expect(readTask("Tune today 9pm", new Date(2026, 2, 28, 12)).due_at).toBe("2026-03-28T20:00:00.000Z");
  expect(local(readTask("Tune in 2 days", eve).due_at)).toBe("2026-03-30 23:59");
  // Hours are counted as they pass: one of them isn't there that night.
  expect(local(readTask("Tune in 6 hours", eve).due_at)).toBe("2026-03-29 05:00");
  expect(local(readTask("Tune sunday 2:30", eve).due_at)).toBe("2026-03-29 03:30");
});

test("a month on from the 31st is the last of a shorter month", () => {
  expect(local(readTask("Pay in 1 month", new Date(2026, 0, 31, 9)).due_at)).toBe("2026-02-28 23:59");
});

test("a long line is read in no time", () => {
  const began = performance.now();
  read("at on by ".repeat(2_000));

  expect(performance.now() - began).toBeLessThan(500);
});
