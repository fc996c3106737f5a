/** What is recommended, as the server has found it. */
import { queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Schemas } from "@/api/types";

export type Reason = Schemas["Reason"];
export type Similar = Schemas["Similar"];
export type Recommended = Schemas["Recommended"];
export type Discover = Schemas["Discover"];
export type RadioPage = Schemas["RadioPage"];

export const DISCOVER = ["discover"] as const;
export const SIMILAR = ["similar"] as const;

export const similarQuery = (id: string) =>
  queryOptions({
    queryKey: [...SIMILAR, id],
    queryFn: ({ signal }) =>
      http.get<Schemas["SimilarPage"]>(`/tracks/${id}/similar`, { query: { limit: 12 }, signal }),
  });

export const discoverQuery = (day: string) =>
  queryOptions({
    queryKey: [...DISCOVER, day],
    queryFn: ({ signal }) => http.get<Discover>("/discover", { query: { day }, signal }),
  });

export const radioPage = (of: `/tracks/${string}` | `/artists/${string}`, cursor: string | null) =>
  http.get<RadioPage>(`${of}/radio`, { query: { limit: 50, cursor } });
