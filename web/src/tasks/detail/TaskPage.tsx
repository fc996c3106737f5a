/** One task: its words on the left, what is known of it on the right. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTelling } from "@/api/store";
import { Problem } from "@/api/problem";
import { Button } from "@/ui/Button";
import button from "@/ui/button.module.css";
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import { Failed, Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { deleteTask, restoreTask, setStatus, toggleDone } from "../actions";
import { Attachments } from "../attachments/Attachments";
import { Check } from "../Check";
import { Comments } from "../comments/Comments";
import { shownTask } from "../keys";
import { useRights } from "../projects/useRights";
import { taskQuery } from "../queries";
import type { Task } from "../types";
import { Facts } from "./Facts";
import { Subtasks } from "./Subtasks";
import { WordsForm } from "./WordsForm";
import styles from "./task-page.module.css";

const Markdown = lazy(() => import("./Markdown"));

interface WordsProps {
  task: Task;
  /** Left out for those who only read. */
  onEdit?: (() => void) | undefined;
}

function Words({ task, onEdit }: WordsProps) {
  return (
    <>
      <div className={styles.head}>
        <Check task={task} />
        <p className={styles.title} aria-hidden="true">
          {task.title}
        </p>
      </div>
      <div className={styles.text}>
        {task.description === "" ? (
          onEdit && (
            <Button look="link" onClick={onEdit}>
              Write what it is about
            </Button>
          )
        ) : (
          <Suspense fallback={<Skeleton what="the description" rows={3} />}>
            <Markdown text={task.description} />
          </Suspense>
        )}
      </div>
    </>
  );
}

function Details({ task }: { task: Task }) {
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const rights = useRights(task);
  const deleted = task.deleted_at !== null;
  const editable = rights.edit && !deleted;
  const edit = () => setEditing(true);

  useTelling(shownTask, editable ? { edit, done: () => void toggleDone(task) } : null);

  const remove = async () => {
    await navigate({ to: "/tasks" });
    await deleteTask(task);
  };
  const archived = task.status === "archived";
  return (
    <div className={styles.task}>
      {deleted && (
        <div className={styles.wide}>
          <Notice
            tone="plain"
            title="This task is in the trash"
            action={
              rights.edit && (
                <Button icon="restore" onClick={() => void restoreTask(task)}>
                  Restore
                </Button>
              )
            }
          >
            It can be brought back for 30 days.
          </Notice>
        </div>
      )}
      <div className={styles.words}>
        {editing && editable ? (
          <WordsForm task={task} onClose={() => setEditing(false)} />
        ) : (
          <Words task={task} onEdit={editable ? edit : undefined} />
        )}
        {!editing && editable && (
          <div className={classes(button.formActions, styles.does)}>
            <Button icon="edit" onClick={edit}>
              Edit
            </Button>
            <Button
              icon={archived ? "restore" : "archive"}
              onClick={() => void setStatus(task, archived ? "todo" : "archived")}
            >
              {archived ? "Out of the archive" : "Archive"}
            </Button>
            <Button icon="trash" onClick={() => void remove()}>
              Delete
            </Button>
          </div>
        )}
        <Subtasks task={task} editable={editable} />
        <Attachments task={task} editable={editable} />
        <Comments task={task} rights={rights} />
      </div>
      <Facts task={task} rights={rights} />
    </div>
  );
}

function Gone() {
  return (
    <Notice tone="plain" title="This task isn't here">
      It may have been deleted for good, or its address mistyped.{" "}
      <Link to="/tasks">Go to your tasks</Link>
    </Notice>
  );
}

export default function TaskPage() {
  const { taskId } = useParams({ from: "/in/tasks/$taskId" });
  const { data: task, error, refetch } = useQuery(taskQuery(taskId));
  const gone = error instanceof Problem && error.status === 404;
  return (
    <Page title={task?.title ?? "Task"} headless>
      <Link to="/tasks" className={styles.back}>
        <Icon name="back" size={18} />
        Tasks
      </Link>
      {gone && <Gone />}
      {error && !gone && (
        <Failed what="This task can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!task && !error && <Skeleton what="this task" shape="block" rows={2} />}
      {task && !gone && <Details key={task.id} task={task} />}
    </Page>
  );
}
