/** What pages read, as queries with their keys; `live.ts` keeps them fresh. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "./http";
import type {
  Instance,
  Job,
  JobState,
  Page,
  Stream,
  Quality,
  Track,
  TrackSort,
  User,
  Waveform,
} from "./types";

export const PAGE_SIZE = 100;

export const instanceQuery = queryOptions({
  queryKey: ["instance"],
  queryFn: ({ signal }) => http.get<Instance>("/instance", { signal, signedIn: false }),
  staleTime: 5 * 60_000,
});

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => http.get<User>("/users/me", { signal }),
});

export interface TrackFilter {
  q: string;
  sort: TrackSort;
}

export const trackPage = (filter: TrackFilter, cursor: string | null, signal?: AbortSignal) =>
  http.get<Page<Track>>("/tracks", {
    query: { limit: PAGE_SIZE, cursor, q: filter.q, sort: filter.sort },
    ...(signal ? { signal } : {}),
  });

export const tracksQuery = (filter: TrackFilter) =>
  infiniteQueryOptions({
    queryKey: ["tracks", filter],
    queryFn: ({ pageParam, signal }) => trackPage(filter, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

export const newestQuery = queryOptions({
  queryKey: ["tracks", "newest"],
  queryFn: ({ signal }) =>
    http.get<Page<Track>>("/tracks", { query: { limit: 12, sort: "-created_at" }, signal }),
});

export const trackQuery = (id: string) =>
  queryOptions({
    queryKey: ["track", id],
    queryFn: ({ signal }) => http.get<Track>(`/tracks/${id}`, { signal }),
  });

export const waveformQuery = (id: string) =>
  queryOptions({
    queryKey: ["waveform", id],
    queryFn: ({ signal }) => http.get<Waveform>(`/tracks/${id}/waveform`, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ["job", id],
    queryFn: ({ signal }) => http.get<Job>(`/jobs/${id}`, { signal }),
    staleTime: 10_000,
  });

export const streamOf = (id: string, quality: Quality) =>
  http.get<Stream>(`/tracks/${id}/stream`, { query: { quality } });

export const usersQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ["admin", "users", q],
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<User>>("/admin/users", { query: { limit: 50, cursor: pageParam, q }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

export const jobsQuery = (state: JobState) =>
  infiniteQueryOptions({
    queryKey: ["admin", "jobs", state],
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<Job>>("/admin/jobs", { query: { limit: 50, cursor: pageParam, state }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
