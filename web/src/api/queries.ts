/** What pages of every domain read; the rest stands beside its pages. Keys: `live.ts` keeps them fresh. */
import { queryOptions } from "@tanstack/react-query";
import { http } from "./http";
import type { Instance, Job, User } from "./types";

export const instanceQuery = queryOptions({
  queryKey: ["instance"],
  queryFn: ({ signal }) => http.get<Instance>("/instance", { signal, signedIn: false }),
  staleTime: 5 * 60_000,
});

export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => http.get<User>("/users/me", { signal }),
});

export const jobQuery = (id: string) =>
  queryOptions({
    queryKey: ["job", id],
    queryFn: ({ signal }) => http.get<Job>(`/jobs/${id}`, { signal }),
    staleTime: 10_000,
  });
