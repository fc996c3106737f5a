/** Tables that one brought, and what is in them; `live.ts` keeps them fresh. */
import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";

export type ConcertImport = Schemas["ConcertImport"];
export type ConcertImportItem = Schemas["ConcertImportItem"];
export type ItemState = ConcertImportItem["state"];

const PAGE_SIZE = 50;
export const IMPORTS = ["concert-imports"] as const;

export const importsQuery = queryOptions({
  queryKey: [...IMPORTS, "list"],
  queryFn: ({ signal }) => http.get<Page<ConcertImport>>("/concerts/imports", { signal }),
});

export const itemsQuery = (id: string, state: ItemState | undefined) =>
  infiniteQueryOptions({
    queryKey: [...IMPORTS, "items", id, state ?? "all"] as const,
    queryFn: ({ pageParam, signal }) =>
      http.get<Page<ConcertImportItem>>(`/concerts/imports/${id}/items`, {
        query: { limit: PAGE_SIZE, cursor: pageParam, state },
        signal,
      }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });
