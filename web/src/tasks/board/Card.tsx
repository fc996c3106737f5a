/** A task as a card: what it is, when it is due, whose it is. */
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import { isDraft, isSettled } from "../actions";
import { DueTime } from "../DueTime";
import { Initials } from "../Initials";
import { PriorityLevel } from "../Priority";
import type { ProjectMember } from "../projects/queries";
import type { TaskItem } from "../types";
import styles from "./card.module.css";

interface Props {
  task: TaskItem;
  members: readonly ProjectMember[];
  /** Whether it is being moved, above the board. */
  lifted?: boolean;
  children?: ReactNode;
}

export function Card({ task, members, lifted = false, children }: Props) {
  const { id, title, priority, labels, due_at, assignee_id } = task;
  const settled = isSettled(task);
  const assignee = members.find(({ user_id }) => user_id === assignee_id);
  const count = (icon: "tasks" | "comment" | "copy", many: string, what: string) => (
    <span title={`${many} ${what}`}>
      <Icon name={icon} size={14} />
      {many}
      <span className="unseen"> {what}</span>
    </span>
  );
  return (
    <div className={classes(styles.card, lifted && styles.lifted, settled && styles.settled)}>
      <div className={styles.head}>
        {isDraft(task) || lifted ? (
          <span>{title}</span>
        ) : (
          <Link to="/tasks/$taskId" params={{ taskId: id }} draggable={false}>
            {title}
          </Link>
        )}
        {children}
      </div>
      <div className={styles.facts}>
        {due_at !== null && <DueTime time={due_at} settled={settled} />}
        {(priority === "high" || priority === "urgent") && <PriorityLevel priority={priority} />}
        {labels.length > 0 && <span className={styles.labels}>#{labels.join(" #")}</span>}
        {task.subtasks_total > 0 &&
          count("tasks", `${task.subtasks_done}/${task.subtasks_total}`, "parts done")}
        {task.comment_count > 0 && count("comment", String(task.comment_count), "comments")}
        {task.attachment_count > 0 && count("copy", String(task.attachment_count), "files")}
        {assignee && (
          <span className={styles.who} title={assignee.name}>
            <Initials name={assignee.name} />
            <span className="unseen">for {assignee.name}</span>
          </span>
        )}
      </div>
    </div>
  );
}
