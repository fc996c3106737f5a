/** Coastlines and borders of Natural Earth, as paths on a square of `SIDE` in Mercator's projection.
 *  A coarse drawing of the world comes first, a finer one as soon as it is there. */
import { queryOptions } from "@tanstack/react-query";
import { geoMercator, geoPath, type GeoContext } from "d3-geo";
import { feature, mesh } from "topojson-client";
import type { GeometryCollection, Topology } from "topojson-specification";
import coarse from "world-atlas/countries-110m.json?url";
import fine from "world-atlas/countries-50m.json?url";

export const SIDE = 1_024;

type World = Topology<{ countries: GeometryCollection<{ name: string }>; land: GeometryCollection }>;

export interface Country {
  name: string;
  x: number;
  y: number;
  /** How wide its largest part is, of the world's width. */
  width: number;
}

export interface Atlas {
  land: Path2D;
  coast: Path2D;
  borders: Path2D;
  countries: Country[];
}

// Lines stay as straight as they are kept: the paths are only ever scaled.
const projection = geoMercator()
  .scale(SIDE / (2 * Math.PI))
  .translate([SIDE / 2, SIDE / 2])
  .precision(0);

/** A path as d3 draws into it. */
function drawn(shape: Parameters<ReturnType<typeof geoPath>>[0]): Path2D {
  const path = new Path2D();
  const context: GeoContext = {
    beginPath: () => undefined,
    moveTo: (x, y) => path.moveTo(x, y),
    lineTo: (x, y) => path.lineTo(x, y),
    arc: (x, y, radius, from, to, back) => path.arc(x, y, radius, from, to, back),
    closePath: () => path.closePath(),
  };
  geoPath(projection, context)(shape);
  return path;
}

const plain = geoPath(projection);

/** Where a country's name stands: in the middle of its largest part. */
function countriesOf(world: World): Country[] {
  return feature(world, world.objects.countries).features.flatMap(({ geometry, properties }) => {
    const parts = geometry.type === "MultiPolygon" ? geometry.coordinates : geometry.type === "Polygon" ? [geometry.coordinates] : [];
    const [largest] = parts
      .map((coordinates) => ({ type: "Polygon" as const, coordinates }))
      .sort((one, other) => plain.area(other) - plain.area(one));
    if (largest === undefined) return [];
    const [x, y] = plain.centroid(largest);
    const [[left], [right]] = plain.bounds(largest);
    return [{ name: properties.name, x: x / SIDE, y: y / SIDE, width: (right - left) / SIDE }];
  });
}

async function read(url: string, signal: AbortSignal): Promise<Atlas> {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(`The map's coastlines didn't come: ${answer.status}`);
  const world = (await answer.json()) as World;
  const { countries, land } = world.objects;
  return {
    land: drawn(feature(world, land)),
    coast: drawn(mesh(world, countries, (one, other) => one === other)),
    borders: drawn(mesh(world, countries, (one, other) => one !== other)),
    countries: countriesOf(world),
  };
}

const atlasQuery = (name: string, url: string) =>
  queryOptions({
    queryKey: ["atlas", name],
    queryFn: ({ signal }) => read(url, signal),
    staleTime: Infinity,
    gcTime: Infinity,
    retry: 2,
    structuralSharing: false,
  });

export const coarseQuery = atlasQuery("coarse", coarse);
export const fineQuery = atlasQuery("fine", fine);
