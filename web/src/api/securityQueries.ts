/** What the pages about safety read: sessions, API tokens, the audit log, the outbox. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "./http";
import type { AuditEntry, OpenSession, OutboxItem, OutboxText, Page, ApiToken } from "./types";

export const sessionsQuery = queryOptions({
  queryKey: ["account", "sessions"],
  queryFn: ({ signal }) => http.get<Page<OpenSession>>("/users/me/sessions", { signal }),
  staleTime: 0,
});

export const tokensQuery = queryOptions({
  queryKey: ["account", "tokens"],
  queryFn: ({ signal }) => http.get<Page<ApiToken>>("/users/me/tokens", { signal }),
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

export interface AuditFilter {
  action: string | undefined;
  user: string | undefined;
}

export const auditQuery = ({ action, user }: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["admin", "audit", action, user],
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<AuditEntry>>("/admin/audit", {
        query: { limit: 50, cursor: pageParam, action, user_id: user },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    staleTime: 0,
  });

export const outboxQuery = infiniteQueryOptions({
  queryKey: ["admin", "outbox"],
  queryFn: ({ pageParam, signal }) =>
    http.get<Page<OutboxItem>>("/admin/outbox", { query: { limit: 50, cursor: pageParam }, signal }),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
  staleTime: 0,
});

export const messageQuery = (id: string) =>
  queryOptions({
    queryKey: ["admin", "message", id],
    queryFn: ({ signal }) => http.get<OutboxText>(`/admin/outbox/${id}`, { signal }),
    // It may hold a one-time link: not kept longer than it is looked at, and since each reading
    // is recorded, not read again meanwhile.
    gcTime: 0,
    staleTime: "static",
  });
