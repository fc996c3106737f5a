/** What was done, in plain words: who, what they did, and to whose account. */
import type { AuditEntry } from "@/api/types";
import { bytes } from "@/ui/format";
import type { IconName } from "@/ui/Icon";

interface Words {
  /** For lists of actions to choose from. */
  name: string;
  icon: IconName;
  /** After the name of whoever did it; `whose` is "your", "their" or "somebody’s". */
  did: (whose: string, details: AuditEntry["details"]) => string;
  /** Where nobody who is signed in does it. */
  by?: string;
}

const text = (value: unknown, otherwise: string) =>
  typeof value === "string" && value !== "" ? value : otherwise;
const quoted = (value: unknown) => (typeof value === "string" && value !== "" ? ` “${value}”` : "");

export const ACTIONS: Readonly<Record<string, Words>> = {
  "session.login": { name: "Sign-in", icon: "user", did: () => "signed in" },
  "session.logout": { name: "Sign-out", icon: "out", did: () => "signed out" },
  "session.revoke": {
    name: "Session ended",
    icon: "out",
    did: (whose, { count }) =>
      typeof count === "number" && count > 1
        ? `signed out ${count} others of ${whose} devices`
        : `signed out another of ${whose} devices`,
  },
  "session.reuse": {
    name: "Session key used twice",
    icon: "warning",
    by: "Backline",
    did: (whose) => `ended one of ${whose} sessions, because its key was used twice`,
  },
  "password.change": {
    name: "Password changed",
    icon: "lock",
    did: (whose) => `changed ${whose} password`,
  },
  "password.forgot": {
    name: "Password forgotten",
    icon: "mail",
    did: (whose) => `asked for a link to replace ${whose} password`,
  },
  "password.reset": {
    name: "Password reset",
    icon: "lock",
    by: "A mailed link",
    did: (whose) => `was used to replace ${whose} password`,
  },
  "email.verify": {
    name: "Address confirmed",
    icon: "mail",
    by: "A mailed link",
    did: (whose) => `was used to confirm ${whose} e-mail address`,
  },
  "totp.enable": {
    name: "Second factor on",
    icon: "lock",
    did: (whose) => `turned ${whose} second factor on`,
  },
  "totp.disable": {
    name: "Second factor off",
    icon: "lock",
    did: (whose) => `turned ${whose} second factor off`,
  },
  "totp.recovery-codes": {
    name: "New recovery codes",
    icon: "lock",
    did: () => "made new recovery codes",
  },
  "token.create": {
    name: "API token made",
    icon: "key",
    did: (_, { name }) => `made the API token${quoted(name)}`,
  },
  "token.delete": {
    name: "API token deleted",
    icon: "key",
    did: (_, { name }) => `deleted the API token${quoted(name)}`,
  },
  "user.create": { name: "Account made", icon: "user", did: (whose) => `made ${whose} account` },
  "user.delete": {
    name: "Account deleted",
    icon: "trash",
    did: (whose) => `deleted ${whose} account`,
  },
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

export interface Told {
  who: string;
  did: string;
  icon: IconName;
}

export interface Reader {
  /** The reader's own id, who is called "you". */
  me: string | undefined;
  /** Other people by id, as far as the reader knows them. */
  names?: ReadonlyMap<string, string>;
}

function whoseAccount({ actor, subject }: AuditEntry, { me, names }: Reader): string {
  const owner = subject?.kind === "user" ? subject.id : actor?.id;
  if (owner === undefined) return "somebody’s";
  if (owner === me) return "your";
  if (owner === actor?.id) return "their";
  const name = names?.get(owner);
  return name === undefined ? "somebody’s" : `${name}’s`;
}

export function tell(entry: AuditEntry, reader: Reader): Told {
  const { actor, action, details } = entry;
  const known = ACTIONS[action];
  const name = actor?.name === "" ? "A deleted account" : actor?.name;
  const who = actor && actor.id === reader.me ? "You" : (name ?? known?.by ?? "Somebody");
  if (!known) return { who, did: action.replaceAll(/[.-]/g, " "), icon: "more" };
  return { who, did: known.did(whoseAccount(entry, reader), details), icon: known.icon };
}
