/** What the server sends, by name. Made from the API's own description: nothing is retold here. */
import type { components } from "./schema";

type Schemas = components["schemas"];

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export type Instance = Schemas["Instance"];
export type Tokens = Pick<Schemas["Tokens"], "access_token" | "expires_in">;
export type Accepted = Schemas["Accepted"];
export type User = Schemas["User"];
export type UserChange = Schemas["AdminUserPatch"];
export type Track = Schemas["Track"];
export type TrackPatch = Schemas["TrackPatch"];
export type Loudness = Schemas["Loudness"];
export type Stream = Schemas["StreamLink"];
export type Waveform = Schemas["Waveform"];
export type Job = Schemas["JobStatus"];
export type JobState = Job["status"];
export type OpenSession = Schemas["OpenSession"];
export type ApiToken = Schemas["TokenRow"];
export type TokenForm = Schemas["TokenForm"];
export type NewToken = Schemas["NewToken"];
export type TotpOffer = Schemas["Offer"];
export type RecoveryCodes = Schemas["RecoveryCodes"];
export type OutboxItem = Schemas["OutboxMessage"];
export type OutboxState = OutboxItem["state"];
export type OutboxText = Schemas["OutboxText"];
export type AuditEntry = Schemas["AuditEntry"];
export type UploadState = Schemas["Upload"];

export type TrackSort = "-created_at" | "created_at" | "title" | "artist" | "album";
export type Quality = "auto" | "low" | "medium" | "high" | "original";
