/** What the pages of notifications read; `live.ts` keeps it fresh. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Settings, ToldPage } from "./types";

const PAGE_SIZE = 50;

/** Lists and the number of the unread lie under this key. */
export const TOLD = ["notifications"] as const;
export const LISTS = ["notifications", "list"] as const;

export const toldQuery = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: [...LISTS, unread] as const,
    queryFn: ({ pageParam, signal }) =>
      http.get<ToldPage>("/notifications", {
        query: { unread: unread ? "true" : null, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

export const unreadQuery = queryOptions({
  queryKey: ["notifications", "unread"],
  queryFn: ({ signal }) => http.get<{ unread: number }>("/notifications/unread", { signal }),
});

export const settingsQuery = queryOptions({
  queryKey: ["notification-settings"],
  queryFn: ({ signal }) => http.get<Settings>("/notifications/settings", { signal }),
});
