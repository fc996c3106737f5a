/** A priority as a level of four segments, with its word. */
import { classes } from "@/ui/classes";
import type { Priority } from "./types";
import { PRIORITY_WORDS } from "./words";
import styles from "./priority.module.css";

const LEVELS = ["low", "medium", "high", "urgent"] as const;

export function PriorityLevel({ priority }: { priority: Priority }) {
  const lit = LEVELS.indexOf(priority);
  return (
    <span className={classes(styles.priority, styles[`priority-${priority}`])}>
      <span className={styles.level} aria-hidden="true">
        {LEVELS.map((each, at) => (
          <span key={each} className={at <= lit ? styles.lit : undefined} />
        ))}
      </span>
      {PRIORITY_WORDS[priority]}
    </span>
  );
}
