/** When and where a concert was, and why it is believed to have been that one. */
import { Link } from "@tanstack/react-router";
import { percent } from "@/ui/format";
import { Meter } from "@/ui/Meter";
import { around, placeWords } from "../words";
import type { Concert } from "../types";
import { longDays, sourceWords, venueWords, zoneWords } from "./words";
import styles from "./facts.module.css";

function Certainty({ concert }: { concert: Concert }) {
  const { confidence, reasons, edited, source } = concert;
  const sure = confidence === null ? null : `${percent(confidence, 1)} % sure`;
  return (
    <>
      <dt>Known</dt>
      <dd>
        {sourceWords(concert)}
        {sure !== null && (
          <span className={styles.sure}>
            <Meter label="How sure that is" level={confidence ?? 0} text={sure} />
            <span>{sure}</span>
          </span>
        )}
        {reasons.length > 0 && (
          <ul className={styles.reasons}>
            {reasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
        {edited && source !== "person" && (
          <small>You changed it, so nothing else changes it any more.</small>
        )}
      </dd>
    </>
  );
}

export function Facts({ concert }: { concert: Concert }) {
  const { venue, zone } = concert;
  return (
    <aside className={styles.facts} aria-label="Details">
      <dl>
        <dt>When</dt>
        <dd>
          {longDays(concert)}
          <small>
            {zone === null ? "its time zone isn't known" : zoneWords(zone, concert.held_on)}
          </small>
        </dd>
        <dt>Where</dt>
        <dd>
          {venue === null ? "Nobody knows" : venueWords(venue)}
          {venue?.location && (
            <small>
              <Link
                to="/photos"
                search={{ within: around(venue.location.latitude, venue.location.longitude) }}
              >
                {placeWords(venue.location.latitude, venue.location.longitude)}
              </Link>
            </small>
          )}
        </dd>
        <Certainty concert={concert} />
      </dl>
    </aside>
  );
}
