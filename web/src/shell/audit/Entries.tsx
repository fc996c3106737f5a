/** What was done, a heading for each day. */
import type { AuditEntry } from "@/api/types";
import { onWeekday } from "@/ui/format";
import { EntryRow } from "./EntryRow";
import type { Reader } from "./words";
import styles from "./audit.module.css";

interface Props {
  entries: readonly AuditEntry[];
  reader: Reader;
  onPerson?: (id: string) => void;
}

/** In the reader's own time zone. */
function byDay(entries: readonly AuditEntry[]): [string, AuditEntry[]][] {
  const days: [string, AuditEntry[]][] = [];
  for (const entry of entries) {
    const day = onWeekday(entry.at);
    const last = days.at(-1);
    if (last?.[0] === day) last[1].push(entry);
    else days.push([day, [entry]]);
  }
  return days;
}

export function Entries({ entries, reader, onPerson }: Props) {
  return (
    <div className={styles.entries}>
      {byDay(entries).map(([day, those]) => (
        <section key={day}>
          <h2>{day}</h2>
          <ol>
            {those.map((entry) => (
              <EntryRow key={entry.id} entry={entry} reader={reader} onPerson={onPerson} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}
