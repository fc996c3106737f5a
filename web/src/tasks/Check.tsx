/** The round box in front of a task: done, or to do. */
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import { isDraft, isSettled, toggleDone } from "./actions";
import { useRights } from "./projects/useRights";
import type { Task, TaskItem } from "./types";
import styles from "./check.module.css";

interface Props {
  task: TaskItem | Task;
  /** Outside of the way of Tab, in rows that have a key for it. */
  inRow?: boolean;
}

export function Check({ task, inRow = false }: Props) {
  const done = isSettled(task);
  const { edit } = useRights(task);
  return (
    <button
      type="button"
      role="checkbox"
      aria-checked={done}
      aria-label={`Done: ${task.title}`}
      className={classes(styles.check, task.status === "doing" && styles.begun)}
      tabIndex={inRow ? -1 : 0}
      disabled={isDraft(task) || !edit}
      onClick={() => void toggleDone(task)}
    >
      <span>{done && <Icon name="check" size={14} />}</span>
    </button>
  );
}
