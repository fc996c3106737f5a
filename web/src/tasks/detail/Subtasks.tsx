/** The parts of a task: ticked where they stand, one more added by its line. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { IconButton } from "@/ui/Button";
import { Meter } from "@/ui/Meter";
import { Failed } from "@/ui/Notice";
import { AddLine } from "../AddLine";
import { addSubtask, deleteTask, isDraft, isSettled } from "../actions";
import { Check } from "../Check";
import { DueTime } from "../DueTime";
import { subtasksQuery, taskQuery } from "../queries";
import type { Task, TaskItem } from "../types";
import styles from "./subtasks.module.css";

function Row({ part, editable }: { part: TaskItem; editable: boolean }) {
  return (
    <li className={styles.part}>
      <Check task={part} />
      {isDraft(part) ? (
        <span>{part.title}</span>
      ) : (
        <Link
          to="/tasks/$taskId"
          params={{ taskId: part.id }}
          className={isSettled(part) ? styles.done : undefined}
        >
          {part.title}
        </Link>
      )}
      {part.due_at !== null && <DueTime time={part.due_at} settled={isSettled(part)} />}
      {editable && !isDraft(part) && (
        <IconButton
          icon="trash"
          size={18}
          label={`Delete ${part.title}`}
          onClick={() => void deleteTask(part)}
        />
      )}
    </li>
  );
}

export function Subtasks({ task, editable }: { task: Task; editable: boolean }) {
  const { data, error, refetch } = useQuery({
    ...subtasksQuery(task.id),
    // Most tasks have none, and need not be asked for them.
    enabled: task.subtasks_total > 0,
  });
  // Part of another one: those have no parts.
  if (task.parent_id !== null) return <Whole id={task.parent_id} />;
  const parts = data?.items ?? [];
  if (parts.length === 0 && !editable && !error) return null;
  const done = parts.filter(isSettled).length;
  return (
    <section className={styles.subtasks} aria-labelledby="subtasks">
      <header>
        <h2 id="subtasks">Subtasks</h2>
        {parts.length > 0 && (
          <>
            <span>
              {done} of {parts.length} done
            </span>
            <Meter
              label="Subtasks done"
              level={done / parts.length}
              text={`${done} of ${parts.length}`}
              tone={done === parts.length ? "ok" : "signal"}
              size="thin"
            />
          </>
        )}
      </header>
      {error && (
        <Failed what="The subtasks can't be shown" error={error} retry={() => void refetch()} />
      )}
      {parts.length > 0 && (
        <ul>
          {parts.map((part) => (
            <Row key={part.id} part={part} editable={editable} />
          ))}
        </ul>
      )}
      {editable && (
        <AddLine
          label="New subtask"
          placeholder="Add a subtask"
          make={(draft, keep) => addSubtask(task, draft, keep)}
        />
      )}
    </section>
  );
}

function Whole({ id }: { id: string }) {
  const { data } = useQuery(taskQuery(id));
  return (
    <p className="quiet">
      This is a part of{" "}
      <Link to="/tasks/$taskId" params={{ taskId: id }}>
        {data === undefined ? "another task" : `“${data.title}”`}
      </Link>
      .
    </p>
  );
}
