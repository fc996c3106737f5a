/** One thing that was done: a sentence, its time, where it came from. */
import type { AuditEntry } from "@/api/types";
import { atHour } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { useHouse } from "../house";
import { tell, type Reader } from "./words";
import audit from "./audit.module.css";

interface Props {
  entry: AuditEntry;
  reader: Reader;
  /** Shows all of whoever did it. */
  onPerson?: ((id: string) => void) | undefined;
}

export function EntryRow({ entry, reader, onPerson }: Props) {
  const { actions } = useHouse();
  const { who, did, icon } = tell(entry, reader, actions);
  const { actor, address } = entry;
  return (
    <li className={audit.entry}>
      <time dateTime={entry.at}>{atHour(entry.at)}</time>
      <Icon name={icon} size={18} />
      <span className={audit.entryWords}>
        {onPerson && actor ? (
          <button type="button" title={`All of ${who}`} onClick={() => onPerson(actor.id)}>
            {who}
          </button>
        ) : (
          <strong>{who}</strong>
        )}{" "}
        {did}
      </span>
      <span className={audit.entryFrom}>{address === null ? "" : `from ${address}`}</span>
    </li>
  );
}
