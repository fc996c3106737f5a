/** When a task is due, in words; what is late says so and has a sign, besides its colour. */
import { classes } from "@/ui/classes";
import { atTime } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { useNow } from "@/ui/now";
import { dueWords, momentWords } from "./due";
import styles from "./due-time.module.css";

interface Props {
  time: string;
  /** What is done isn't late any more. */
  settled?: boolean;
}

export function DueTime({ time, settled = false }: Props) {
  const now_ms = useNow();
  const { text, late, soon } = dueWords(time, now_ms);
  return (
    <time
      dateTime={time}
      title={atTime(time)}
      className={classes(styles.due, !settled && late && styles.late, !settled && soon && styles.soon)}
    >
      {!settled && late && <Icon name="warning" size={16} />}
      {settled ? momentWords(time, now_ms) : text}
    </time>
  );
}
