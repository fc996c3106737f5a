/** What a visitor reads by a link's token. It goes in bodies, and in no address. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";
import type { ByLink } from "../types";
import { asTrack, type SharedTrack } from "./asTrack";

export type Shared = Schemas["Shared"];

/** Once a page: each time counts as a visit. */
export const sharedQuery = (token: string) =>
  queryOptions({
    queryKey: ["shared", "what", token],
    queryFn: ({ signal }) => http.post<Shared>("/shared/look", { token }, { signal, signedIn: false }),
    staleTime: Number.POSITIVE_INFINITY,
  });

export async function sharedPage(via: ByLink, cursor: string | null, signal?: AbortSignal) {
  const page = await http.post<Page<SharedTrack>>(
    "/shared/tracks",
    { token: via.token },
    { query: { limit: 100, cursor }, signedIn: false, ...(signal ? { signal } : {}) },
  );
  return { ...page, items: page.items.map((track) => asTrack(track, via)) };
}

export const sharedTracksQuery = (via: ByLink) =>
  infiniteQueryOptions({
    queryKey: ["shared", "tracks", via.token, via.mayDownload],
    queryFn: ({ pageParam, signal }) => sharedPage(via, pageParam, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
