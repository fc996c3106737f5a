/** The cells of one task in the list. */
import { Link } from "@tanstack/react-router";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuItem } from "@/ui/Menu";
import { Tag } from "@/ui/Tag";
import { deleteTask, isDraft, isSettled, setStatus } from "../actions";
import { Check } from "../Check";
import { DueTime } from "../DueTime";
import { PriorityLevel } from "../Priority";
import { ColourDot } from "../projects/Colours";
import { useRights } from "../projects/useRights";
import type { TaskItem } from "../types";
import styles from "./task-table.module.css";

interface Props {
  task: TaskItem;
  onOpen: (task: TaskItem) => void;
  onEdit: (task: TaskItem) => void;
  onLabel: (label: string) => void;
}

function actionsOf({ task, onOpen, onEdit }: Props, editable: boolean): MenuItem[] {
  const { status } = task;
  const to = (next: TaskItem["status"], label: string, icon: MenuItem["icon"] & string): MenuItem => ({
    key: next,
    label,
    icon,
    run: () => void setStatus(task, next),
  });
  const open: MenuItem = { key: "open", label: "Open", icon: "tasks", run: () => onOpen(task) };
  if (!editable) return [open];
  return [
    open,
    { key: "edit", label: "Edit", icon: "edit", run: () => onEdit(task) },
    ...(status === "todo" ? [to("doing", "Begin", "play")] : []),
    ...(status === "doing" ? [to("todo", "Not begun", "back")] : []),
    status === "archived" ? to("todo", "Out of the archive", "restore") : to("archived", "Archive", "archive"),
    {
      key: "delete",
      label: "Delete",
      icon: "trash",
      trouble: true,
      run: () => void deleteTask(task),
    },
  ];
}

const MOST_LABELS = 3;

export function Labels({ labels, onLabel }: { labels: readonly string[]; onLabel: (label: string) => void }) {
  const more = labels.length - MOST_LABELS;
  return (
    <span className={styles.labels}>
      {labels.slice(0, MOST_LABELS).map((label) => (
        <button
          key={label}
          type="button"
          tabIndex={-1}
          title={`Show what is labelled ${label}`}
          onClick={() => onLabel(label)}
        >
          #{label}
        </button>
      ))}
      {more > 0 && <span title={labels.slice(MOST_LABELS).join(", ")}>+{more}</span>}
    </span>
  );
}

export function TaskCells(props: Props) {
  const { task, onLabel } = props;
  const { id, title, status, priority, labels, due_at, has_description } = task;
  const settled = isSettled(task);
  const { project, edit } = useRights(task);
  return (
    <>
      <td className={styles.tasksDone}>
        <Check task={task} inRow />
      </td>
      <td className={styles.tasksTitle}>
        <span className={styles.taskName}>
          {isDraft(task) ? (
            <span>{title}</span>
          ) : (
            <Link to="/tasks/$taskId" params={{ taskId: id }} tabIndex={-1}>
              {title}
            </Link>
          )}
          {status === "doing" && <Tag>Doing</Tag>}
          {status === "archived" && <Tag>Archived</Tag>}
          {task.subtasks_total > 0 && (
            <span className={styles.taskMore} title="Subtasks done">
              {task.subtasks_done}/{task.subtasks_total}
              <span className="unseen"> subtasks done</span>
            </span>
          )}
          {task.comment_count > 0 && (
            <span className={styles.taskMore} title="Comments">
              <Icon name="comment" size={16} />
              {task.comment_count}
              <span className="unseen"> comments</span>
            </span>
          )}
          {project && <ColourDot colour={project.colour} name={project.name} />}
          {has_description && (
            <span className={styles.taskMore} title="Has a description">
              <Icon name="text" size={16} />
              <span className="unseen">Has a description</span>
            </span>
          )}
        </span>
        <span className={styles.taskBelow}>
          {due_at !== null && <DueTime time={due_at} settled={settled} />}
          {(priority === "high" || priority === "urgent") && <PriorityLevel priority={priority} />}
          {labels.length > 0 && <span className={styles.taskBelowLabels}>#{labels.join(" #")}</span>}
        </span>
      </td>
      <td className={styles.tasksLabels}>
        {labels.length > 0 && <Labels labels={labels} onLabel={onLabel} />}
      </td>
      <td className={styles.tasksPriority}>
        <PriorityLevel priority={priority} />
      </td>
      <td className={styles.tasksDue}>
        {due_at !== null && <DueTime time={due_at} settled={settled} />}
      </td>
      <td className={styles.tasksActions}>
        {!isDraft(task) && (
          <Menu label={`Actions for ${title}`} items={actionsOf(props, edit)}>
            <Icon name="more" />
          </Menu>
        )}
      </td>
    </>
  );
}
