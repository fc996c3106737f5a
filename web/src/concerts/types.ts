/** Photos, scans and the history of concerts, as the server sends them. */
import type { Page, Schemas } from "@/api/types";

export type Photo = Schemas["Photo"];
export type PhotoItem = Schemas["PhotoItem"];
export type PhotoPage = Page<PhotoItem>;
export type PhotoPatch = Schemas["PhotoPatch"];
export type Variant = Schemas["Variant"];
export type Day = Schemas["Day"];
export type Place = Schemas["Place"];
export type Group = Schemas["Group"];
export type Scan = Schemas["Scan"];
export type Failure = Schemas["Failure"];

export type Concert = Schemas["Concert"];
export type ConcertItem = Schemas["ConcertItem"];
export type ConcertForm = Schemas["ConcertForm"];
export type ConcertPatch = Schemas["ConcertPatch"];
export type ConcertPage = Page<ConcertItem>;
export type Played = Schemas["Played"];
export type Venue = Schemas["Venue"];
export type Artist = Schemas["concerts_history_models_Artist"];
export type Year = Schemas["Year"];

/** Which photos are shown; the address says it. */
export interface Filter {
  concert?: string;
  day?: string;
  within?: string;
  starred?: true;
  group?: string;
  source?: string;
}
