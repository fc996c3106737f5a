/** What the pages of the history read; `live.ts` keeps it fresh. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";
import type { Artist, Concert, ConcertPage, Venue } from "../types";
import type { HistoryFilter, NameFilter } from "./filter";

const PAGE_SIZE = 100;
const OFFERED = 8;
const LEAST_TYPED = 2;

/** Everything about the history lies under this key, but for the single concerts. */
export const HISTORY = ["concerts"] as const;
export const LISTS = ["concerts", "list"] as const;

export const concertsQuery = (filter: HistoryFilter) =>
  infiniteQueryOptions({
    queryKey: [...LISTS, filter] as const,
    queryFn: ({ pageParam, signal }) =>
      http.get<ConcertPage>("/concerts", {
        query: {
          limit: PAGE_SIZE,
          cursor: pageParam,
          q: filter.q,
          year: filter.year,
          artist_id: filter.artist,
          venue_id: filter.venue,
          city: filter.city,
          sort: filter.sort,
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

export const foundConcerts = (q: string, signal: AbortSignal) =>
  http.get<ConcertPage>("/concerts", { query: { q, limit: OFFERED }, signal });

export const concertQuery = (id: string) =>
  queryOptions({
    queryKey: ["concert", id],
    queryFn: ({ signal }) => http.get<Concert>(`/concerts/${id}`, { signal }),
  });

export const timelineQuery = queryOptions({
  queryKey: [...HISTORY, "timeline"],
  queryFn: ({ signal }) => http.get<Schemas["Timeline"]>("/concerts/timeline", { signal }),
});

export const statisticsQuery = queryOptions({
  queryKey: [...HISTORY, "statistics"],
  queryFn: ({ signal }) => http.get<Schemas["Statistics"]>("/concerts/statistics", { signal }),
});

/** Artists and venues are listed and searched alike. */
export type Names = "artists" | "venues";
export interface Named {
  artists: Artist;
  venues: Venue;
}

export const namesQuery = <N extends Names>(names: N, filter: NameFilter) =>
  infiniteQueryOptions({
    queryKey: [...HISTORY, names, filter] as const,
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<Named[N]>>(`/concerts/${names}`, {
        query: { ...filter, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

/** Those whose names begin as somebody types. */
export const offeredQuery = <N extends Names>(names: N, q: string) =>
  queryOptions({
    queryKey: [...HISTORY, names, "offered", q] as const,
    queryFn: ({ signal }) =>
      http.get<Page<Named[N]>>(`/concerts/${names}`, { query: { q, limit: OFFERED }, signal }),
    enabled: q !== "",
    placeholderData: keepPreviousData,
  });

/** Of all the world, as the gazetteer knows them. */
export const venueHitsQuery = (q: string) =>
  queryOptions({
    queryKey: ["gazetteer", "venues", q],
    queryFn: ({ signal }) => http.get<Schemas["VenueHits"]>("/venues", { query: { q }, signal }),
    enabled: q.length >= LEAST_TYPED,
    placeholderData: keepPreviousData,
  });

export const cityHitsQuery = (q: string) =>
  queryOptions({
    queryKey: ["gazetteer", "cities", q],
    queryFn: ({ signal }) => http.get<Schemas["CityHits"]>("/cities", { query: { q }, signal }),
    enabled: q.length >= LEAST_TYPED,
    placeholderData: keepPreviousData,
  });

/** Those that one saw, or where one was, most often. */
export const usualQuery = <N extends Names>(names: N) =>
  queryOptions({
    queryKey: [...HISTORY, names, "usual"] as const,
    queryFn: ({ signal }) =>
      http.get<Page<Named[N]>>(`/concerts/${names}`, { query: { limit: PAGE_SIZE }, signal }),
  });

export const artistQuery = (id: string) =>
  queryOptions({
    queryKey: [...HISTORY, "artist", id],
    queryFn: ({ signal }) => http.get<Schemas["ArtistDetail"]>(`/concerts/artists/${id}`, { signal }),
  });

export const venueQuery = (id: string) =>
  queryOptions({
    queryKey: [...HISTORY, "venue", id],
    queryFn: ({ signal }) => http.get<Schemas["VenueDetail"]>(`/concerts/venues/${id}`, { signal }),
  });
