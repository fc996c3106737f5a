/** The list of tasks: its columns, its sorts, and what keys do to a row. */
import { useNavigate } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Listing } from "@/ui/Listing";
import type { Column } from "@/ui/listingHeads";
import { deleteTask, isDraft, isSettled, toggleDone } from "../actions";
import type { TaskItem, TaskSort } from "../types";
import { useRightsOf } from "../projects/useRights";
import { TaskCells } from "./TaskCells";
import styles from "./task-table.module.css";

interface Props {
  tasks: readonly TaskItem[] | undefined;
  sort: TaskSort;
  empty: ReactNode;
  error: unknown;
  retry: () => void;
  more: (() => void) | undefined;
  onSort: (sort: TaskSort) => void;
  onEdit: (task: TaskItem) => void;
  onLabel: (label: string) => void;
}

const ROW_PX = 52;

const COLUMNS: readonly Column<TaskSort>[] = [
  { key: "done", name: "Done", unseen: true, look: styles.tasksDone },
  { key: "title", name: "Title", look: styles.tasksTitle, sorts: [{ value: "title", direction: "ascending" }] },
  { key: "labels", name: "Labels", look: styles.tasksLabels },
  {
    key: "priority",
    name: "Priority",
    look: styles.tasksPriority,
    sorts: [{ value: "-priority", direction: "descending" }],
  },
  { key: "due", name: "Due", look: styles.tasksDue, sorts: [{ value: "due_at", direction: "ascending" }] },
  { key: "actions", name: "Actions", unseen: true, look: styles.tasksActions },
];

export function TaskTable(props: Props) {
  const { tasks, sort, empty, error, retry, more, onSort, onEdit, onLabel } = props;
  const navigate = useNavigate();
  const rightsOf = useRightsOf();
  const open = (task: TaskItem) => {
    if (!isDraft(task)) void navigate({ to: "/tasks/$taskId", params: { taskId: task.id } });
  };
  const onKey = (key: string, task: TaskItem) => {
    if (key !== "x" && key !== "e" && key !== "Delete") return false;
    if (isDraft(task) || !rightsOf(task).edit) return true;
    if (key === "x") void toggleDone(task);
    else if (key === "e") onEdit(task);
    else void deleteTask(task);
    return true;
  };
  return (
    <Listing
      what="your tasks"
      columns={COLUMNS}
      items={tasks}
      keyOf={({ id }) => id}
      lookOf={(task) => isSettled(task) && styles.taskSettled}
      cells={(task) => <TaskCells task={task} onOpen={open} onEdit={onEdit} onLabel={onLabel} />}
      empty={empty}
      error={error}
      retry={retry}
      more={more}
      sort={sort}
      onSort={onSort}
      onOpen={open}
      onKey={onKey}
      row_px={ROW_PX}
    />
  );
}
