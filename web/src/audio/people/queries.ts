/** What the pages of people and the feed read. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";
import type { Playlist } from "../types";

export type Profile = Schemas["Profile"];
export type Person = Schemas["Listener"];
export type ListedPerson = Schemas["Listed"];
export type FeedItem = Schemas["FeedItem"];

export const PEOPLE = ["people"] as const;
export const FEED = ["feed"] as const;

const PAGE_SIZE = 50;

export const profileQuery = queryOptions({
  queryKey: [...PEOPLE, "me"],
  queryFn: ({ signal }) => http.get<Profile>("/audio/profile", { signal }),
});

export const personQuery = (id: string) =>
  queryOptions({
    queryKey: [...PEOPLE, "one", id],
    queryFn: ({ signal }) => http.get<Person>(`/users/${id}/profile`, { signal }),
  });

const pages = <T>(queryKey: readonly string[], path: string, limit = PAGE_SIZE) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<T>>(path, { query: { limit, cursor: pageParam }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

/** A list of people, by its address under the API. */
export const peopleQuery = (path: string) => pages<ListedPerson>([...PEOPLE, "list", path], path);

export const playlistsOfQuery = (id: string) =>
  pages<Playlist>([...PEOPLE, "playlists", id], `/users/${id}/playlists`);

export const feedQuery = pages<FeedItem>(FEED, "/audio/feed", 20);
