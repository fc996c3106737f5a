/** What the server sends to everybody, by name. What belongs to one domain is named in its folder. */
import type { components } from "./schema";

/** The API's own description: nothing is retold by hand. */
export type Schemas = components["schemas"];

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

export type Instance = Schemas["Instance"];
export type Tokens = Pick<Schemas["Tokens"], "access_token" | "expires_in">;
export type Accepted = Schemas["Accepted"];
export type User = Schemas["User"];
export type Job = Schemas["JobStatus"];
export type AuditEntry = Schemas["AuditEntry"];
