/** What the history shows where there are no concerts: what it is for, or why nothing fits. */
import { Link } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import button from "@/ui/button.module.css";
import { Empty } from "@/ui/Empty";
import { AddConcert } from "./AddConcert";
import { isNarrowed, type HistoryFilter } from "./filter";
import styles from "./no-concerts.module.css";

export function NoConcerts({ filter, onClear }: { filter: HistoryFilter; onClear: () => void }) {
  if (isNarrowed(filter)) {
    return (
      <div className={styles.none}>
        <p className="quiet">
          {filter.q === undefined
            ? "No concert fits these filters."
            : `No concert fits “${filter.q}”. Artists, venues, cities, titles, notes and songs are searched.`}
        </p>
        <Button small onClick={onClear}>
          Show all concerts
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.hue}>
      <Empty
        icon="ticket"
        title="No concerts yet"
        action={
          <div className={button.formActions}>
            <AddConcert>Add the first one</AddConcert>
            <Link to="/photos" className={button.button}>
              Add photos
            </Link>
            <Link to="/photos/scans" className={button.button}>
              Scan a folder
            </Link>
            <Link to="/concerts/import" className={button.button}>
              Import a table
            </Link>
          </div>
        }
      >
        <p>
          Every show that you went to, with its bill, its setlists and your photos of it. Photos say
          by their time and place which concert they may be of; what you remember, write in by hand.
        </p>
      </Empty>
    </div>
  );
}
