import { expect, test } from "vitest";
import type { PhotoItem } from "../types";
import { columnsOf, rowsOf } from "./layout";

const photo = (id: string, taken_at: string | null) => ({ id, taken_at }) as PhotoItem;

test("tiles fill the width, three beside each other at least", () => {
  expect(columnsOf(1256)).toEqual({ columns: 7, tile_px: (1256 - 24) / 7 });
  expect(columnsOf(358).columns).toBe(3);
});

test("each day begins a row of its own, whatever the zone", () => {
  const rows = rowsOf(
    [
      photo("a", "2019-07-04T23:59:00+02:00"),
      photo("b", "2019-07-04T00:01:00-11:00"),
      photo("c", "2019-07-03T12:00:00"),
      photo("d", null),
    ],
    3,
    100,
  );
  expect(rows.map((row) => (row.kind === "day" ? row.day : row.photos.map(({ id }) => id)))).toEqual(
    ["2019-07-04", ["a", "b"], "2019-07-03", ["c"], "none", ["d"]],
  );
  expect(rows.map(({ top_px }) => top_px)).toEqual([0, 52, 156, 208, 312, 364]);
});
