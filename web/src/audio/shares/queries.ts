/** The links that one has made, all or those of one thing. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page } from "@/api/types";
import type { Share } from "../types";

export interface Thing {
  kind: Share["kind"];
  id: string;
}

export const SHARES = ["shares"] as const;

export const sharesQuery = infiniteQueryOptions({
  queryKey: [...SHARES, "all"],
  queryFn: ({ pageParam, signal }) =>
    http.get<Page<Share>>("/shares", { query: { limit: 50, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
});

export const sharesOfQuery = (thingId: string) =>
  queryOptions({
    queryKey: [...SHARES, "of", thingId],
    queryFn: ({ signal }) =>
      http.get<Page<Share>>("/shares", { query: { limit: 20, thing_id: thingId }, signal }),
  });
