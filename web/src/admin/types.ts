/** What only administrators are sent, or send. */
import type { Job, Schemas } from "@/api/types";

export type UserChange = Schemas["AdminUserPatch"];
export type Stats = Schemas["Stats"];
export type JobState = Job["status"];
export type OutboxItem = Schemas["OutboxMessage"];
export type OutboxState = OutboxItem["state"];
export type OutboxText = Schemas["OutboxText"];
