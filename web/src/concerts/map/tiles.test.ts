import { expect, test } from "vitest";
import { tilesOf } from "./tiles";
import { placeOf } from "./view";

const TEMPLATE = "https://tiles.example.org/{z}/{x}/{y}.png?key=1";
const size = { width_px: 800, height_px: 600 };

test("a view is covered to its edges, by each tile once", () => {
  const view = { ...placeOf(52.5, 13.4), world_px: 3_000_000 };
  const tiles = tilesOf(TEMPLATE, view, size);

  expect(new Set(tiles.map(({ key }) => key)).size).toBe(tiles.length);
  const covered = tiles.reduce((sum, { left_px, top_px, width_px, height_px }) => {
    const width = Math.min(left_px + width_px, 800) - Math.max(left_px, 0);
    return sum + width * (Math.min(top_px + height_px, 600) - Math.max(top_px, 0));
  }, 0);
  expect(covered).toBe(800 * 600);
});

test("tiles have nearly their own size, and twice as many dots on a fine screen", () => {
  const view = { ...placeOf(52.5, 13.4), world_px: 256 * 2 ** 11.4 };

  for (const { width_px } of tilesOf(TEMPLATE, view, size)) {
    expect(width_px).toBeGreaterThan(180);
    expect(width_px).toBeLessThan(363);
  }
  expect(tilesOf(TEMPLATE, view, size)[0]?.key).toMatch(/^11\//);
  expect(tilesOf(TEMPLATE, view, size, 3)[0]?.key).toMatch(/^12\//);
});

test("Berlin is where every server has it", () => {
  const [middle] = tilesOf(TEMPLATE, { ...placeOf(52.517, 13.389), world_px: 256 * 2 ** 10 }, size);

  expect(middle?.url).toBe("https://tiles.example.org/10/550/335.png?key=1");
});

test("there are no tiles beyond the world, and none deeper than servers go", () => {
  const corner = { x: 0.5, y: 0.5, world_px: 800 };
  expect(tilesOf(TEMPLATE, corner, { width_px: 800, height_px: 800 })).toHaveLength(16);
  const deep = tilesOf(TEMPLATE, { x: 0.5, y: 0.5, world_px: 2 ** 30 }, size);
  expect(deep.every(({ key }) => key.startsWith("19/"))).toBe(true);
});
