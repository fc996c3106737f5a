import { afterAll, beforeAll, expect, test } from "vitest";
import { daysBetween, dueWords, momentWords } from "@/tasks/due";
import { fieldsOf, labelsOf, timeOf } from "@/tasks/dueFields";
import {
  areAlike,
  filterOf,
  filtersOf,
  queryOf,
  readFilter,
  shows,
  viewOf,
  viewsIn,
  type TaskFilter,
} from "@/tasks/filter";
import type { TaskItem, View } from "@/tasks/types";

const zone = process.env.TZ;
beforeAll(() => {
  process.env.TZ = "Europe/Berlin";
});
afterAll(() => {
  process.env.TZ = zone;
});

const NOON = () => new Date(2026, 3, 29, 12, 0, 20);
const at = (...parts: [number, number, number, number?, number?]) => new Date(...parts).toISOString();
const words = (time: string) => dueWords(time, NOON().getTime());

test.each([
  [[2026, 3, 29, 23, 59], "Today"],
  [[2026, 3, 30, 23, 59], "Tomorrow"],
  [[2026, 4, 2, 23, 59], "Saturday"],
  [[2026, 4, 6, 23, 59], "6 May"],
  [[2027, 4, 6, 23, 59], "6 May 2027"],
  [[2026, 3, 29, 11, 40], "20 min late"],
  [[2026, 3, 29, 10, 0], "2 hours late"],
  [[2026, 3, 28, 23, 59], "1 day late"],
  [[2026, 3, 20, 9, 0], "9 days late"],
] as [[number, number, number, number, number], string][])("what is due at %j is “%s”", (parts, said) => {
  expect(words(at(...parts)).text).toBe(said);
});

test("what has passed is late, and today's is soon", () => {
  expect(words(at(2026, 3, 29, 9)).late).toBe(true);
  expect(words(at(2026, 3, 29, 18)).soon).toBe(true);
  expect(words(at(2026, 3, 30, 9)).soon).toBe(false);
});

test("days between are midnights, also where one has 23 hours", () => {
  expect(daysBetween(new Date(2026, 2, 28, 23, 0), new Date(2026, 2, 29, 1, 0))).toBe(1);
  expect(daysBetween(new Date(2026, 2, 28, 12), new Date(2026, 2, 30, 0, 5))).toBe(2);
  expect(momentWords(at(2026, 3, 28, 23, 59), NOON().getTime())).toBe("Yesterday");
});

test("a due time goes through its two fields and back", () => {
  const nine = at(2026, 4, 5, 9, 5);

  expect(fieldsOf(nine)).toEqual({ day: "2026-05-05", clock: "09:05" });
  expect(timeOf("2026-05-05", "09:05")).toBe(nine);
  expect(timeOf("2026-05-05", "")).toBe(at(2026, 4, 5, 23, 59));
  expect(fieldsOf(at(2026, 4, 5, 23, 59)).clock).toBe("");
  expect(timeOf("", "09:05")).toBeNull();
});

test("labels are written with spaces, commas or #", () => {
  expect(labelsOf(" #gear, live  gear ")).toEqual(["gear", "live"]);
});

test("open tasks are asked for, unless one searches", () => {
  expect(queryOf({}, NOON())).toEqual({ sort: "-created_at", status: "todo,doing" });
  expect(queryOf({ q: "bass" }, NOON())).toEqual({ sort: "-created_at", q: "bass" });
});

test("due choices are days of this place, and overdue is to the minute", () => {
  expect(queryOf({ due: "today" }, NOON())).toMatchObject({
    due_after: at(2026, 3, 29),
    due_before: at(2026, 3, 30),
  });
  expect(queryOf({ due: "overdue" }, NOON()).due_before).toBe(at(2026, 3, 29, 12, 0));
});

test.each<TaskFilter>([
  {},
  { show: "done" },
  { show: "doing", label: "gear" },
  { q: "bass" },
  { q: "bass", show: "open", sort: "title" },
  { priority: "high", after: "2026-04-29T00:00:00.000Z", before: "2026-05-01T00:00:00.000Z" },
])("a view keeps %j", (filter) => {
  expect(filterOf(filtersOf(queryOf(filter, NOON())))).toEqual(filter);
});

test("a view keeps what moves on with the days, and is known by it", () => {
  const kept = viewOf({ due: "today", label: "gear" }, NOON());

  expect(kept).toMatchObject({ due: "today", time_zone: "Europe/Berlin", label: ["gear"] });
  expect(kept).not.toHaveProperty("due_after");
  expect(filterOf(kept)).toEqual({ due: "today", label: "gear" });
  expect(areAlike({ due: "week", show: "open" }, { due: "week" })).toBe(true);
  expect(areAlike({ due: "week" }, { due: "today" })).toBe(false);
  expect(areAlike({ due: "week" }, {})).toBe(false);
});

test("a list has the views that were kept of it", () => {
  const kept = ["mine", "theirs"].map((name) => {
    const filters = viewOf({ label: "gear" }, NOON(), name === "mine" ? undefined : "p1");
    return { name, filters } as View;
  });

  expect(viewsIn(kept).map(({ name }) => name)).toEqual(["mine"]);
  expect(viewsIn(kept, "p1").map(({ name }) => name)).toEqual(["theirs"]);
  expect(viewsIn(kept, "p2")).toEqual([]);
});

test("an address says what it can, and no more", () => {
  expect(readFilter({ show: "mine", priority: "high", q: 2026, label: "", due: "x", before: "soon" })).toEqual({
    priority: "high",
    q: "2026",
  });
});

const task = (part: Partial<TaskItem>) =>
  ({ status: "todo", priority: "medium", labels: [], due_at: null, ...part }) as TaskItem;

test("a new task is shown where it belongs", () => {
  const open = queryOf({}, NOON());

  expect(shows(open, task({}))).toBe(true);
  expect(shows(open, task({ status: "done" }))).toBe(false);
  expect(shows(queryOf({ label: "gear" }, NOON()), task({}))).toBe(false);
  expect(shows(queryOf({ due: "today" }, NOON()), task({ due_at: at(2026, 3, 29, 18) }))).toBe(true);
  expect(shows(queryOf({ due: "today" }, NOON()), task({ due_at: at(2026, 3, 30) }))).toBe(false);
  expect(shows(queryOf({ due: "today" }, NOON()), task({}))).toBe(false);
});
