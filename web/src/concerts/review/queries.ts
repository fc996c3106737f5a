/** What waits to be decided. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";
import type { Artist, ConcertItem, Venue } from "../types";
import type { KnownVenue, Location, Review, Standing } from "./types";

export const REVIEWS = ["concerts", "reviews"] as const;
const PAGE_SIZE = 20;
const MOST_FOUND = 5;
const LONGEST_ASKED = 100;
/** Cities and venues don't move. */
const STAYS_MS = 10 * 60_000;
const CITY_M = 500;
/** As many as the year of a diligent person holds. */
const YEAR_SIZE = 100;

export const reviewsQuery = infiniteQueryOptions({
  queryKey: REVIEWS,
  queryFn: ({ pageParam, signal }) =>
    http.get<Page<Review>>("/concerts/reviews", {
      query: { limit: PAGE_SIZE, cursor: pageParam },
      signal,
    }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
});

/** How far matching is. */
export const matchingQuery = queryOptions({
  queryKey: ["concerts", "matching"],
  queryFn: ({ signal }) => http.get<Standing>("/concerts/matching", { signal }),
});

export interface Found {
  concerts: ConcertItem[];
  venues: Venue[];
  artists: Artist[];
  /** Of the gazetteer: everybody's, those around the photos first. */
  known: KnownVenue[];
}

const nearOf = (location: Location | null) =>
  location === null ? undefined : `${location.latitude},${location.longitude}`;

const askedVenues = (q: string, location: Location | null, signal: AbortSignal) =>
  http.get<Page<KnownVenue>>("/venues", { query: { q, near: nearOf(location) }, signal });

/** Concerts, venues and artists of the history, and venues around there, with these words in their names. */
export const foundQuery = (q: string, location: Location | null) =>
  queryOptions({
    queryKey: ["concerts", "found", q, location],
    queryFn: async ({ signal }): Promise<Found> => {
      const asked = { query: { q, limit: MOST_FOUND }, signal };
      const [concerts, venues, artists, known] = await Promise.all([
        http.get<Page<ConcertItem>>("/concerts", asked),
        http.get<Page<Venue>>("/concerts/venues", asked),
        http.get<Page<Artist>>("/concerts/artists", asked),
        askedVenues(q.slice(0, LONGEST_ASKED), location, signal),
      ]);
      return {
        concerts: concerts.items,
        venues: venues.items,
        artists: artists.items,
        known: known.items.slice(0, MOST_FOUND),
      };
    },
    enabled: q !== "",
  });

/** The venues around a place, the nearest first. */
export const aroundQuery = (location: Location | null) =>
  queryOptions({
    queryKey: ["venues", "around", location],
    queryFn: async ({ signal }) => (await askedVenues("", location, signal)).items,
    enabled: location !== null,
    staleTime: STAYS_MS,
  });

/** The city at a place: a large one reaches further than the village whose middle is nearer. */
export const cityQuery = (location: Location | null) =>
  queryOptions({
    queryKey: ["cities", "at", location?.latitude.toFixed(2), location?.longitude.toFixed(2)],
    queryFn: async ({ signal }) => {
      const { items } = await http.get<Page<Schemas["CityHit"]>>("/cities", {
        query: { near: nearOf(location) },
        signal,
      });
      const pull = ({ population, distance_m }: Schemas["CityHit"]) =>
        (population + 1) / Math.max(distance_m ?? 0, CITY_M) ** 2;
      return items.toSorted((one, other) => pull(other) - pull(one))[0] ?? null;
    },
    enabled: location !== null,
    staleTime: STAYS_MS,
  });

/** The concerts of a year, for those on the days around a session. */
export const yearQuery = (year: string) =>
  queryOptions({
    queryKey: ["concerts", "of-year", year],
    queryFn: ({ signal }) =>
      http.get<Page<ConcertItem>>("/concerts", { query: { year, limit: YEAR_SIZE }, signal }),
  });
