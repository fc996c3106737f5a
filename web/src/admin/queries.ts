/** What the administrators' pages read: users, jobs, the audit log, the outbox. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { AuditEntry, Job, Page, User } from "@/api/types";
import type { JobState, OutboxItem, OutboxText, Stats } from "./types";

export const statsQuery = queryOptions({
  queryKey: ["admin", "stats"],
  queryFn: ({ signal }) => http.get<Stats>("/admin/stats", { signal }),
});

export const usersQuery = (q: string) =>
  infiniteQueryOptions({
    queryKey: ["admin", "users", q],
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<User>>("/admin/users", { query: { limit: 50, cursor: pageParam, q }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });

export const jobsQuery = (state: JobState) =>
  infiniteQueryOptions({
    queryKey: ["admin", "jobs", state],
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<Job>>("/admin/jobs", { query: { limit: 50, cursor: pageParam, state }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
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
