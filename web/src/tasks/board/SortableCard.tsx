/** A card in its column: taken anywhere by a pointer, by its grip with keys. */
import { useSortable } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuItem } from "@/ui/Menu";
import { deleteTask, isDraft, setStatus } from "../actions";
import type { ProjectMember } from "../projects/queries";
import type { TaskItem } from "../types";
import { STATUS_WORDS } from "../words";
import { Card } from "./Card";
import { COLUMNS } from "./columns";
import styles from "./card.module.css";

interface Props {
  task: TaskItem;
  members: readonly ProjectMember[];
  editable: boolean;
  onEdit: (task: TaskItem) => void;
}

function actionsOf(task: TaskItem, onEdit: (task: TaskItem) => void): MenuItem[] {
  return [
    { key: "edit", label: "Edit", icon: "edit", run: () => onEdit(task) },
    ...COLUMNS.filter((column) => column !== task.status).map(
      (column): MenuItem => ({
        key: column,
        label: `To “${STATUS_WORDS[column]}”`,
        icon: "next",
        run: () => void setStatus(task, column),
      }),
    ),
    { key: "archive", label: "Archive", icon: "archive", run: () => void setStatus(task, "archived") },
    { key: "delete", label: "Delete", icon: "trash", trouble: true, run: () => void deleteTask(task) },
  ];
}

export function SortableCard({ task, members, editable, onEdit }: Props) {
  const fixed = !editable || isDraft(task);
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging } =
    useSortable({ id: task.id, disabled: fixed });
  const { onKeyDown, ...pointers } = listeners ?? {};
  return (
    <li
      ref={setNodeRef}
      className={classes(styles.place, isDragging && styles.left)}
      style={{ transform: CSS.Translate.toString(transform), transition }}
      {...pointers}
    >
      <Card task={task} members={members}>
        {!fixed && (
          <span className={styles.tools}>
            <button
              ref={setActivatorNodeRef}
              type="button"
              className={styles.grip}
              {...attributes}
              aria-label={`Move ${task.title}`}
              title="Move: Space, then the arrow keys"
              onKeyDown={onKeyDown as React.KeyboardEventHandler}
            >
              <Icon name="grip" size={16} />
            </button>
            <Menu label={`Actions for ${task.title}`} items={actionsOf(task, onEdit)}>
              <Icon name="more" size={18} />
            </Menu>
          </span>
        )}
      </Card>
    </li>
  );
}
