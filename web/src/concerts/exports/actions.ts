/** What people do to exports of their history. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import type { HistoryFilter } from "../history/filter";
import { exportsQuery, type ConcertExport, type Format } from "./queries";

const reread = () => queryClient.invalidateQueries({ queryKey: exportsQuery.queryKey });

async function doing(what: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    toast({ tone: "trouble", text: `${what} ${sentenceOf(error)}` });
  }
  await reread();
}

/** As the list is narrowed, so is the file. */
export const makeExport = (format: Format, { q, year, artist, venue, city }: HistoryFilter) =>
  doing("There is no file.", () =>
    http.post<ConcertExport>("/concerts/exports", {
      format,
      filters: {
        ...(q === undefined ? {} : { q }),
        ...(year === undefined ? {} : { year }),
        ...(artist === undefined ? {} : { artist_id: artist }),
        ...(venue === undefined ? {} : { venue_id: venue }),
        ...(city === undefined ? {} : { city }),
      },
    }),
  );

export const removeExport = ({ id, status }: ConcertExport) =>
  doing(status === "running" ? "It goes on." : "The file is still there.", () =>
    http.delete(`/concerts/exports/${id}`),
  );
