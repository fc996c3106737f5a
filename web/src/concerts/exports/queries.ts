/** Exports of one's history; `live.ts` keeps them fresh. */
import { queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";

export type ConcertExport = Schemas["ConcertExport"];
export type Format = ConcertExport["format"];

export const exportsQuery = queryOptions({
  queryKey: ["concert-exports"],
  queryFn: ({ signal }) => http.get<Page<ConcertExport>>("/concerts/exports", { signal }),
});
