/** What the page of duplicates reads. */
import { infiniteQueryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";

export type DuplicateGroup = Schemas["DuplicateGroup"];
export type Duplicate = Schemas["Duplicate"];
export type By = DuplicateGroup["by"];

export const DUPLICATES = ["duplicates"] as const;
const PAGE_SIZE = 20;

export const duplicatesQuery = (by: By) =>
  infiniteQueryOptions({
    queryKey: [...DUPLICATES, by],
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<DuplicateGroup>>("/tracks/duplicates", {
        query: { by, limit: PAGE_SIZE, cursor: pageParam },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
  });
