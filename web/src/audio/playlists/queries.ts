/** What the pages of playlists read. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";
import type { Entry, Playlist, Track } from "../types";

export type Member = Schemas["PlaylistMember"];
export type Visibility = Playlist["visibility"];

const PAGE_SIZE = 100;

export const PLAYLISTS = ["playlists"] as const;

export const playlistsQuery = queryOptions({
  queryKey: [...PLAYLISTS, "mine"],
  queryFn: ({ signal }) => http.get<Page<Playlist>>("/playlists", { signal }),
});

export const publicQuery = queryOptions({
  queryKey: [...PLAYLISTS, "public"],
  queryFn: ({ signal }) => http.get<Page<Playlist>>("/playlists/public", { signal }),
});

export const playlistQuery = (id: string) =>
  queryOptions({
    queryKey: [...PLAYLISTS, "one", id],
    queryFn: ({ signal }) => http.get<Playlist>(`/playlists/${id}`, { signal }),
  });

export const entryPage = (id: string, cursor: string | null, signal?: AbortSignal) =>
  http.get<Page<Entry>>(`/playlists/${id}/entries`, {
    query: { limit: PAGE_SIZE, cursor },
    ...(signal ? { signal } : {}),
  });

export const entriesQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: [...PLAYLISTS, "entries", id],
    queryFn: ({ pageParam, signal }) => entryPage(id, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

export const membersQuery = (id: string) =>
  queryOptions({
    queryKey: [...PLAYLISTS, "members", id],
    queryFn: ({ signal }) => http.get<Page<Member>>(`/playlists/${id}/members`, { signal }),
  });

/** A track as the player takes it; of somebody else's it knows by which entry it may be heard. */
export function playableOf(entry: Entry, playlistId: string, myId: string | undefined): Track[] {
  const { track } = entry;
  if (!track) return [];
  return [track.owner_id === myId ? track : { ...track, via: { playlistId, entryId: entry.id } }];
}
