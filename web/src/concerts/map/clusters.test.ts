import { expect, test } from "vitest";
import { clustersOf, labelOf, markersOf, stepOf, venuesOf } from "./clusters";
import type { MapPoint } from "./types";
import { fitted } from "./view";

const point = (name: string, latitude: number, longitude: number, concert_count = 1): MapPoint => ({
  venue_id: name,
  name,
  city: "Berlin",
  country_code: "DE",
  latitude,
  longitude,
  concert_count,
});
const size = { width_px: 800, height_px: 600 };
const venues = venuesOf([
  point("Astra", 52.5072, 13.4518, 5),
  point("Lido", 52.4994, 13.4451, 3),
  { ...point("Roxy", 50.0755, 14.4378, 2), city: "Prague" },
]);

test("venues of a city are one from afar, under the city's name", () => {
  const [berlin, prague] = clustersOf(venues, stepOf(fitted(venues, size)));

  expect(berlin?.venues.map(({ name }) => name)).toEqual(["Astra", "Lido"]);
  expect(berlin?.concerts).toBe(8);
  expect(berlin && labelOf(berlin)).toBe("Berlin");
  expect(prague && labelOf(prague)).toBe("Roxy");
});

test("a cluster of several cities says so", () => {
  const [all] = clustersOf(venues, 2);

  expect(all && labelOf(all)).toBe("Berlin and 1 more");
});

test("close by, each stands for itself", () => {
  const near = venues.slice(0, 2);

  expect(clustersOf(near, stepOf(fitted(near, size, Infinity)))).toHaveLength(2);
});

test("no concert is lost, however many venues there are", () => {
  const many = venuesOf(
    Array.from({ length: 2_000 }, (_, n) => point(`${n}`, -60 + (n % 50) * 2.5, -170 + Math.floor(n / 50) * 8, 2)),
  );
  for (const step of [18, 24, 30]) {
    const concerts = clustersOf(many, step).reduce((sum, cluster) => sum + cluster.concerts, 0);
    expect(concerts).toBe(4_000);
  }
});

test("only what the view shows has a marker, and labels don't cover each other", () => {
  const view = fitted(venues, size);
  const twins = venuesOf([point("One long name of a hall", 52.5, 13.4, 9), point("Another", 52.5, 15.4, 1)]);
  const { markers } = markersOf(clustersOf(twins, 60), fitted(twins, size), size);

  const elsewhere = { ...view, x: 0.1 };
  expect(markersOf(clustersOf(venues, stepOf(view)), elsewhere, size).markers).toEqual([]);
  expect(markers.map(({ told }) => told)).toEqual(["right", "right"]);
  const crowded = venuesOf([point("One long name of a hall", 52.5, 13.4, 9), point("Another", 52.5, 13.46, 1)]);
  const world = { ...fitted(crowded, size), world_px: 2 ** 18 };
  const { markers: close } = markersOf(clustersOf(crowded, 60), world, size);
  expect(close.map(({ told }) => told)).toEqual(["left", "right"]);
});
