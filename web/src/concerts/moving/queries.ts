/** Where photos may be moved: the concerts around a day, or those with words in them. */
import { queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import { foundConcerts, HISTORY } from "../history/queries";
import type { ConcertPage } from "../types";

export const nearQuery = (day: string | undefined) =>
  queryOptions({
    queryKey: [...HISTORY, "near", day],
    queryFn: ({ signal }) => http.get<ConcertPage>("/concerts/near", { query: { day }, signal }),
  });

export const aimsQuery = (q: string) =>
  queryOptions({
    queryKey: [...HISTORY, "aims", q],
    queryFn: ({ signal }) => foundConcerts(q, signal),
    enabled: q !== "",
  });
