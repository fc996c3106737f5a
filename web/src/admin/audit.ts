/** What administrators do, in the words of the audit log. */
import { quoted, type Actions } from "@/shell/audit/words";
import { bytes } from "@/ui/format";

const text = (value: unknown, otherwise: string) =>
  typeof value === "string" && value !== "" ? value : otherwise;

export const audit: Actions = {
  "user.role": {
    name: "Role changed",
    icon: "admin",
    did: (whose, { role }) =>
      `changed ${whose} role to ${role === "admin" ? "administrator" : text(role, "another")}`,
  },
  "user.close": { name: "Account locked", icon: "lock", did: (whose) => `locked ${whose} account` },
  "user.open": {
    name: "Account opened",
    icon: "user",
    did: (whose) => `opened ${whose} account again`,
  },
  "user.quota": {
    name: "Quota changed",
    icon: "admin",
    did: (whose, { quota_bytes }) =>
      `changed ${whose} quota${typeof quota_bytes === "number" ? ` to ${bytes(quota_bytes)}` : ""}`,
  },
  "outbox.read": { name: "Message read", icon: "mail", did: () => "read a message in the outbox" },
  "outbox.retry": { name: "Message sent again", icon: "mail", did: () => "sent a message again" },
  "cache.empty": {
    name: "Cache emptied",
    icon: "retry",
    did: (_, { tag }) => `emptied the cache of${quoted(tag)}`,
  },
  "job.requeue": {
    name: "Job requeued",
    icon: "retry",
    did: (_, { kind }) => `put the job${quoted(kind)} back in the queue`,
  },
  "job.cancel": {
    name: "Job cancelled",
    icon: "close",
    did: (_, { kind }) => `cancelled the job${quoted(kind)}`,
  },
};
