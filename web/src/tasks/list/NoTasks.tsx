/** What the list shows where there are no tasks: what it is for, or why nothing fits. */
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { shownOf, type TaskFilter } from "../filter";
import { quickAdd } from "../keys";
import styles from "./no-tasks.module.css";

const NOTHING: Readonly<Record<string, string>> = {
  doing: "Nothing is under way. Begin a task from its menu.",
  done: "Nothing is done yet.",
  archived: "The archive is empty. What was done long ago goes there by itself.",
};

interface Props {
  filter: TaskFilter;
  /** Whether there is a line to write one in. */
  adding: boolean;
  onClear: () => void;
}

export function NoTasks({ filter, adding, onClear }: Props) {
  const { q, priority, label, due, after, before } = filter;
  const narrowed = [q, priority, label, due, after, before].some((each) => each !== undefined);
  if (narrowed) {
    return (
      <div className={styles.none}>
        <p className="quiet">
          {q === undefined
            ? "No task fits these filters."
            : `No task fits “${q}”. Titles, descriptions and labels are searched.`}
        </p>
        <Button small onClick={onClear}>
          Show all open tasks
        </Button>
      </div>
    );
  }
  const nothing = NOTHING[shownOf(filter)];
  if (!adding) return <p className="quiet">{nothing ?? "There is nothing to do."}</p>;
  if (nothing !== undefined) return <p className="quiet">{nothing}</p>;
  return (
    <div className={styles.hue}>
      <Empty
        icon="tasks"
        title="Nothing to do"
        action={
          <Button icon="plus" onClick={() => quickAdd.get()?.focus()}>
            Write the first task
          </Button>
        }
      >
        <p>
          Strings to change, setlists to write, people to call. Write it as you would say it, with a
          day, a time, a <code>!priority</code> or a <code>#label</code>: they are understood and
          sorted for you.
        </p>
      </Empty>
    </div>
  );
}
