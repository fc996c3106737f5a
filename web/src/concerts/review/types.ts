/** Reviews, as the server sends them, and what a person may say of one. */
import type { Page, Schemas } from "@/api/types";

export type Review = Schemas["Review"];
export type ReviewPage = Page<Review>;
export type Candidate = Schemas["ReviewCandidate"];
export type Standing = Schemas["Standing"];
export type Location = Schemas["Location"];
export type KnownVenue = Schemas["VenueHit"];
export type VenueForm = Schemas["VenueForm"];

/** How a review is decided: the call below it, its body, and what came of it in words. */
export interface Choice {
  call: "accept" | "join" | "dismiss" | "concert";
  body: Readonly<Record<string, unknown>>;
  words: string;
}
