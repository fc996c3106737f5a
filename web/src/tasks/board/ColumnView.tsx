/** One column of a board: its cards, and the line that adds one. */
import { useDroppable } from "@dnd-kit/core";
import { SortableContext, verticalListSortingStrategy } from "@dnd-kit/sortable";
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import type { Project, ProjectMember } from "../projects/queries";
import type { TaskItem } from "../types";
import { STATUS_WORDS } from "../words";
import { AddCard } from "./AddCard";
import type { Column } from "./columns";
import { SortableCard } from "./SortableCard";
import styles from "./board.module.css";

interface Props {
  column: Column;
  project: Project;
  editable: boolean;
  tasks: readonly TaskItem[];
  pending: boolean;
  more: (() => void) | undefined;
  members: readonly ProjectMember[];
  onEdit: (task: TaskItem) => void;
}

const NOTHING: Record<Column, string> = {
  todo: "Nothing to do.",
  doing: "Nobody is at anything.",
  done: "Nothing is done yet.",
};

export function ColumnView(props: Props) {
  const { column, project, editable, tasks, pending, more, members, onEdit } = props;
  const { setNodeRef, isOver } = useDroppable({ id: column, disabled: !editable });
  const name = STATUS_WORDS[column];
  return (
    <section className={styles.column} aria-label={name}>
      <h2>
        {name} <span>{more ? `${tasks.length}+` : tasks.length}</span>
      </h2>
      <SortableContext items={tasks.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
        <ul ref={setNodeRef} className={classes(styles.cards, isOver && styles.over)}>
          {tasks.map((task) => (
            <SortableCard
              key={task.id}
              task={task}
              members={members}
              editable={editable}
              onEdit={onEdit}
            />
          ))}
        </ul>
      </SortableContext>
      {!pending && tasks.length === 0 && <p className={styles.nothing}>{NOTHING[column]}</p>}
      {more && (
        <Button small look="bare" onClick={more}>
          Show more
        </Button>
      )}
      {editable && <AddCard column={column} projectId={project.id} />}
    </section>
  );
}
