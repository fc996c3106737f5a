/** What the pages of one's own account read: sessions, keys, what was done with it. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { AuditEntry, Page } from "@/api/types";
import type { ApiToken, AppPassword, OpenSession } from "../types";

export const sessionsQuery = queryOptions({
  queryKey: ["account", "sessions"],
  queryFn: ({ signal }) => http.get<Page<OpenSession>>("/users/me/sessions", { signal }),
  staleTime: 0,
});

export const tokensQuery = queryOptions({
  queryKey: ["account", "tokens"],
  queryFn: ({ signal }) => http.get<Page<ApiToken>>("/users/me/tokens", { signal }),
});

export const appPasswordsQuery = queryOptions({
  queryKey: ["account", "app-passwords"],
  queryFn: ({ signal }) => http.get<Page<AppPassword>>("/users/me/app-passwords", { signal }),
});

export const myAuditQuery = infiniteQueryOptions({
  queryKey: ["account", "audit"],
  queryFn: ({ pageParam, signal }) =>
    http.get<Page<AuditEntry>>("/users/me/audit", {
      query: { limit: 50, cursor: pageParam },
      signal,
    }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
  staleTime: 0,
});
