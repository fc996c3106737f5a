/** The venues that the map shows, those of the most concerts first: the map for those who read it. */
import { Link } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import { cityWords } from "../history/words";
import { plural } from "../words";
import type { Venue } from "./clusters";
import styles from "./venue-list.module.css";

interface Props {
  venues: readonly Venue[];
  total: number;
  unplaced: number;
  /** The one that is pointed at. */
  onLight: (venueId: string | null) => void;
  onAll: () => void;
}

export function VenueList({ venues, total, unplaced, onLight, onAll }: Props) {
  const all = venues.length === total;
  return (
    <section className={styles.list} aria-labelledby="map-venues">
      <header>
        <h2 id="map-venues">{all ? plural(total, "venue") : `${venues.length} of ${plural(total, "venue")}`}</h2>
        {!all && (
          <Button small look="bare" onClick={onAll}>
            Show all
          </Button>
        )}
      </header>
      <ol>
        {venues.map((venue) => (
          <li
            key={venue.venue_id}
            onPointerEnter={() => onLight(venue.venue_id)}
            onPointerLeave={() => onLight(null)}
          >
            <Link
              to="/concerts/venues/$venueId"
              params={{ venueId: venue.venue_id }}
              onFocus={() => onLight(venue.venue_id)}
              onBlur={() => onLight(null)}
            >
              <span>{venue.name}</span>
              <small>{cityWords(venue)}</small>
              <strong>{venue.concert_count}</strong>
            </Link>
          </li>
        ))}
      </ol>
      {unplaced > 0 && (
        <p className="quiet">
          {plural(unplaced, "concert")} more took place where nobody knows.
        </p>
      )}
    </section>
  );
}
