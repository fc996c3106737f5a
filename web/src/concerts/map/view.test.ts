import { expect, test } from "vitest";
import { bounded, canZoomIn, degreesOf, fitted, moved, placeOf, spotOf, zoomed } from "./view";

const size = { width_px: 800, height_px: 600 };
const berlin = placeOf(52.52, 13.405);
const lima = placeOf(-12.05, -77.04);

test("a place is found again by its degrees", () => {
  const { latitude, longitude } = degreesOf(berlin);

  expect(latitude).toBeCloseTo(52.52, 6);
  expect(longitude).toBeCloseTo(13.405, 6);
});

test("the poles lie on the edge of the world", () => {
  expect(placeOf(90, 0).y).toBeCloseTo(0, 4);
  expect(placeOf(-90, 0).y).toBeCloseTo(1, 4);
});

test("what is fitted is on the page, with room around it", () => {
  const view = fitted([berlin, lima], size);

  for (const place of [berlin, lima]) {
    const { left_px, top_px } = spotOf(view, size, place);
    expect(left_px).toBeGreaterThan(40);
    expect(left_px).toBeLessThan(760);
    expect(top_px).toBeGreaterThan(40);
    expect(top_px).toBeLessThan(560);
  }
});

test("a single place is shown with the country around it", () => {
  const view = fitted([berlin], size);

  expect(spotOf(view, size, berlin)).toEqual({ left_px: 400, top_px: 300 });
  expect(canZoomIn(view)).toBe(true);
});

test("what is at a spot stays there while one zooms", () => {
  const view = fitted([berlin, lima], size);
  const spot = spotOf(view, size, berlin);
  const after = spotOf(zoomed(view, size, 4, spot), size, berlin);

  expect(after.left_px).toBeCloseTo(spot.left_px, 6);
  expect(after.top_px).toBeCloseTo(spot.top_px, 6);
});

test("one moves as far as the world reaches, and zooms as far as there is something to see", () => {
  const world = fitted([], size);

  expect(moved(world, size, 1_000, 1_000)).toEqual({ world_px: 800, x: 0.5, y: 0.375 });
  expect(bounded({ x: 0.5, y: 0.5, world_px: 1e12 }, size).world_px).toBe(2 ** 22);
});
