/** What the pages of live shows read; `live.ts` keeps it fresh. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page } from "@/api/types";
import type { Destination, Ingest, LiveProject, LiveStatus, Preset, Show, ShowGraph } from "./types";

/** Everything about live shows lies under this key. */
export const LIVE = ["live"] as const;
const SHOWS_SIZE = 10;
/** Events bring what happens; a look now and then makes up for those that got lost. */
const LOOKS_MS = 10_000;
/** As often as a show is measured. */
const GRAPH_MS = 30_000;

export const projectsQuery = queryOptions({
  queryKey: [...LIVE, "projects"],
  queryFn: ({ signal }) => http.get<Page<LiveProject>>("/live/projects", { signal }),
});

export const statusesQuery = queryOptions({
  queryKey: [...LIVE, "statuses"],
  queryFn: ({ signal }) => http.get<Page<LiveStatus>>("/live/status", { signal }),
  refetchInterval: LOOKS_MS,
});

export const projectQuery = (id: string) =>
  queryOptions({
    queryKey: [...LIVE, "project", id],
    queryFn: ({ signal }) => http.get<LiveProject>(`/live/projects/${id}`, { signal }),
  });

export const destinationsQuery = (id: string) =>
  queryOptions({
    queryKey: [...LIVE, "destinations", id],
    queryFn: ({ signal }) =>
      http.get<Page<Destination>>(`/live/projects/${id}/destinations`, { signal }),
  });

export const statusQuery = (id: string) =>
  queryOptions({
    queryKey: [...LIVE, "status", id],
    queryFn: ({ signal }) => http.get<LiveStatus>(`/live/projects/${id}/status`, { signal }),
    refetchInterval: LOOKS_MS,
  });

export const showsQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...LIVE, "shows", id],
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<Show>>(`/live/projects/${id}/shows`, {
        query: { limit: SHOWS_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });

/** Under this key lie the graphs of all shows of a project. */
export const graphsKey = (id: string) => [...LIVE, "graph", id];

export const graphQuery = (id: string, showId: string) =>
  queryOptions({
    queryKey: [...graphsKey(id), showId],
    queryFn: ({ signal }) =>
      http.get<ShowGraph>(`/live/projects/${id}/shows/${showId}/graph`, { signal }),
    refetchInterval: ({ state: { data } }) => (data?.show.ended_at === null ? GRAPH_MS : false),
  });

export const ingestQuery = queryOptions({
  queryKey: [...LIVE, "ingest"],
  queryFn: ({ signal }) => http.get<Ingest>("/live/ingest", { signal }),
  refetchInterval: 3 * LOOKS_MS,
});

export const presetsQuery = queryOptions({
  queryKey: [...LIVE, "presets"],
  queryFn: ({ signal }) => http.get<Page<Preset>>("/live/presets", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
