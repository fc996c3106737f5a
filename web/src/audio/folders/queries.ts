/** What the page of folders reads: which there are, and the last scan of each. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";

export type MusicFolders = Schemas["MusicFolders"];
export type MusicFolder = Schemas["MusicFolder"];
export type MusicScan = Schemas["MusicScan"];
export type MusicFailure = Schemas["MusicFailure"];

/** Everything of folders, for events and for what people do. */
export const FOLDERS = ["music-folders"] as const;
const MOST_SCANS = 100;

export const foldersQuery = queryOptions({
  queryKey: [...FOLDERS, "list"],
  queryFn: ({ signal }) => http.get<MusicFolders>("/music-folders", { signal }),
});

export const scansQuery = queryOptions({
  queryKey: [...FOLDERS, "scans"],
  queryFn: ({ signal }) =>
    http.get<Page<MusicScan>>("/music-scans", { query: { limit: MOST_SCANS }, signal }),
});

export const failuresQuery = (scanId: string) =>
  infiniteQueryOptions({
    queryKey: [...FOLDERS, "failures", scanId],
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<MusicFailure>>(`/music-scans/${scanId}/failures`, {
        query: { limit: 50, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
