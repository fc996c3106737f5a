/** What was done, in plain words: who, what they did, and to whose account. The words for each action
 *  come from the faces. */
import type { AuditEntry } from "@/api/types";
import type { IconName } from "@/ui/Icon";

export interface Words {
  /** For lists of actions to choose from. */
  name: string;
  icon: IconName;
  /** After the name of whoever did it; `whose` is "your", "their" or "somebody’s". */
  did: (whose: string, details: AuditEntry["details"]) => string;
  /** Where nobody who is signed in does it. */
  by?: string;
}

/** Everything that faces have words for, by the name that the audit log has for it. */
export type Actions = Readonly<Record<string, Words>>;

/** A name among the details, with a space before it; nothing where there is none. */
export const quoted = (value: unknown) =>
  typeof value === "string" && value !== "" ? ` “${value}”` : "";

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

export function tell(entry: AuditEntry, reader: Reader, actions: Actions): Told {
  const { actor, action, details } = entry;
  const known = actions[action];
  const name = actor?.name === "" ? "A deleted account" : actor?.name;
  const who = actor && actor.id === reader.me ? "You" : (name ?? known?.by ?? "Somebody");
  if (!known) return { who, did: action.replaceAll(/[.-]/g, " "), icon: "more" };
  return { who, did: known.did(whoseAccount(entry, reader), details), icon: known.icon };
}
