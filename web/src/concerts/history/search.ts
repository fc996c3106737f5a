/** Concerts in the palette: found by artists, venues, cities, songs; opened by a press. */
import { searching } from "@/shell/face";
import type { ConcertPage } from "../types";
import { foundConcerts, HISTORY } from "./queries";
import { concertName, shortDays } from "./words";

export const search = searching<ConcertPage>({
  what: "concert",
  key: (text) => [...HISTORY, "palette", text],
  read: foundConcerts,
  commands: ({ items }) =>
    items.map((concert) => ({
      key: concert.id,
      label: concertName(concert),
      detail: [shortDays(concert), concert.venue?.name].filter(Boolean).join(", "),
      icon: "ticket",
      run: `/concerts/${concert.id}`,
    })),
});
