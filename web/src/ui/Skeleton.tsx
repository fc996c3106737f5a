/** The shape of what comes. Unseen for the first 100 ms; after two seconds it says what it waits for. */
import { classes } from "./classes";
import styles from "./skeleton.module.css";

interface Props {
  /** What is being fetched: "tracks". */
  what: string;
  rows?: number;
  shape?: "rows" | "tiles" | "block";
}

export function Skeleton({ what, rows = 8, shape = "rows" }: Props) {
  return (
    <div className={classes(styles.skeleton, styles[`skeleton-${shape}`])} role="status" aria-label={`Fetching ${what}`}>
      {Array.from({ length: rows }, (_, row) => (
        <span key={row} />
      ))}
      <p className={styles.skeletonLate}>The server is still fetching {what}.</p>
    </div>
  );
}
