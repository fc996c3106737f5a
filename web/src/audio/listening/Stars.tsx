/** From one to five stars, by press or by arrows; the one that is set, pressed again, takes them back. */
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import type { Track } from "../types";
import { rate } from "./opinions";
import styles from "./stars.module.css";

const STARS = [1, 2, 3, 4, 5] as const;

export function Stars({ track }: { track: Track }) {
  const { rating, title } = track;
  return (
    <fieldset className={styles.stars}>
      <legend className="unseen">Your rating of {title}</legend>
      {STARS.map((stars) => (
        <label key={stars} className={classes(styles.star, stars <= (rating ?? 0) && styles.starLit)}>
          <input
            type="radio"
            className="unseen"
            name={`rating-${track.id}`}
            checked={rating === stars}
            aria-label={stars === 1 ? "1 star" : `${stars} stars`}
            onChange={() => void rate(track, stars)}
            onClick={() => {
              if (rating === stars) void rate(track, null);
            }}
          />
          <Icon name={stars <= (rating ?? 0) ? "starred" : "star"} />
        </label>
      ))}
    </fieldset>
  );
}
