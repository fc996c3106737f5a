/** What the pages of photos read; `live.ts` keeps it fresh. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";
import type { Failure, Filter, Group, Photo, PhotoPage, Scan } from "./types";

const PAGE_SIZE = 100;

/** Everything about photos lies under this key, but for the single ones. */
export const PHOTOS = ["photos"] as const;
export const LISTS = ["photos", "list"] as const;
export const SCANS = ["scans"] as const;

const pathOf = ({ concert }: Filter) =>
  concert === undefined ? "/photos" : `/concerts/${concert}/photos`;

export const photosQuery = (filter: Filter) =>
  infiniteQueryOptions({
    queryKey: [...LISTS, filter] as const,
    queryFn: ({ pageParam, signal }) =>
      http.get<PhotoPage>(pathOf(filter), {
        query: {
          limit: PAGE_SIZE,
          cursor: pageParam,
          day: filter.day,
          within: filter.within,
          starred: filter.starred ? "true" : undefined,
          group_id: filter.group,
          source_id: filter.source,
        },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

export const photoQuery = (id: string) =>
  queryOptions({
    queryKey: ["photo", id],
    queryFn: ({ signal }) => http.get<Photo>(`/photos/${id}`, { signal }),
  });

export const daysQuery = queryOptions({
  queryKey: ["photos", "days"],
  queryFn: ({ signal }) => http.get<Schemas["Days"]>("/photos/days", { signal }),
});

export const placesQuery = queryOptions({
  queryKey: ["photos", "places"],
  queryFn: ({ signal }) => http.get<Schemas["Places"]>("/photos/places", { signal }),
});

export const groupsQuery = infiniteQueryOptions({
  queryKey: ["photos", "groups"],
  queryFn: ({ pageParam, signal }) =>
    http.get<Page<Group>>("/photos/groups", { query: { limit: 20, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
});

export const scansQuery = infiniteQueryOptions({
  queryKey: [...SCANS, "list"],
  queryFn: ({ pageParam, signal }) =>
    http.get<Page<Scan>>("/scans", { query: { limit: 20, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
});

export const failuresQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...SCANS, id, "failures"],
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<Failure>>(`/scans/${id}/failures`, {
        query: { limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
