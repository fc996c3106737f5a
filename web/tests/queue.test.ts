import { expect, test } from "vitest";
import { emptyQueue, queued, shifted, step, without, type Queue } from "@/audio/player/queue";
import {
  behindOf,
  entriesOf,
  laidOut,
  movedTo,
  placedBehind,
  type EntryPages,
} from "@/audio/playlists/order";
import type { Entry, Track } from "@/audio/types";

const track = (id: string, status = "ready") => ({ id, status }) as Track;
const of = (ids: string, index = 0): Queue => ({ tracks: ids.split("").map((id) => track(id)), index, rest: null });
const ids = ({ tracks }: Queue) => tracks.map(({ id }) => id).join("");

test("what is to play next stands behind what plays, what is added at the end", () => {
  expect(ids(queued(of("abc", 1), [track("x"), track("y", "failed")], "next"))).toBe("abxc");
  expect(ids(queued(of("abc", 1), [track("x")], "last"))).toBe("abcx");
  expect(ids(queued(emptyQueue, [track("x")], "last"))).toBe("x");
});

test("only what is ahead is moved and taken out", () => {
  expect(ids(shifted(of("abcd", 1), 2, 1))).toBe("abdc");
  expect(ids(shifted(of("abcd", 1), 2, -1))).toBe("abcd");
  expect(ids(shifted(of("abcd", 1), 3, 1))).toBe("abcd");
  expect(ids(without(of("abcd", 1), 2))).toBe("abd");
  expect(ids(without(of("abcd", 1), 1))).toBe("abcd");
});

test("a list goes on with its next page", async () => {
  const more = (cursor: string) =>
    Promise.resolve({ items: [track(cursor)], next_cursor: cursor === "x" ? "y" : null });
  const first = await step({ ...of("a"), rest: { more, cursor: "x" } }, 1);
  const second = first && (await step(first, 1));
  expect(second && ids(second)).toBe("axy");
  expect(second && (await step(second, 1))).toBeNull();
});

const entry = (id: string) => ({ id }) as Entry;
const pages: EntryPages = {
  pages: [
    { items: [entry("a"), entry("b")], next_cursor: "2" },
    { items: [entry("c"), entry("d")], next_cursor: null },
  ],
  pageParams: [null, "2"],
};

test("a moved entry stands in the other's place, behind the one before it", () => {
  const now = entriesOf(pages);
  const order = (id: string, over: string) => {
    const moved = movedTo(now, id, over);
    return moved && [moved.entries.map((each) => each.id).join(""), moved.behind];
  };
  expect(order("a", "c")).toEqual(["bcad", "c"]);
  expect(order("d", "a")).toEqual(["dabc", null]);
  expect(order("b", "b")).toBeNull();
  expect(order("b", "z")).toBeNull();
});

test("pages keep their lengths while entries move, and the last takes what is left", () => {
  const moved = movedTo(entriesOf(pages), "a", "c");
  const shown = laidOut(pages, moved?.entries ?? []);
  expect(shown.pages.map(({ items }) => items.map(({ id }) => id).join(""))).toEqual(["bc", "ad"]);
  const fewer = laidOut(pages, [entry("a"), entry("b"), entry("d")]);
  expect(fewer.pages.map(({ items }) => items.length)).toEqual([2, 1]);
});

test("what was moved goes back behind what it stood behind", () => {
  const now = entriesOf(pages);
  const before = behindOf(now, "c");
  const moved = movedTo(now, "c", "a")?.entries ?? [];
  const order = (entries: readonly Entry[]) => entries.map(({ id }) => id).join("");
  expect(before).toBe("b");
  expect(behindOf(now, "a")).toBeNull();
  expect(order(moved)).toBe("cabd");
  expect(order(placedBehind(moved, "c", before))).toBe("abcd");
  expect(order(placedBehind(now, "d", null))).toBe("dabc");
  expect(order(placedBehind(now, "d", "gone"))).toBe("abcd");
});
