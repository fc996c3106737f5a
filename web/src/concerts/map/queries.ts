/** What the map shows: venues of the history as points, and the cities around where one looks. */
import { queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";
import type { HistoryMap } from "./types";

const STAYS_MS = 10 * 60_000;

export const mapQuery = queryOptions({
  queryKey: ["concerts", "map"],
  queryFn: ({ signal }) => http.get<HistoryMap>("/concerts/map", { signal }),
});

/** The cities within 30 km of a place, which is left out where they would be too many to tell. */
export const citiesQuery = (near: string | null) =>
  queryOptions({
    queryKey: ["cities", "around", near],
    queryFn: ({ signal }) =>
      http.get<Page<Schemas["CityHit"]>>("/cities", { query: { near }, signal }),
    enabled: near !== null,
    staleTime: STAYS_MS,
  });
