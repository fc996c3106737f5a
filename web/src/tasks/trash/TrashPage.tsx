/** What was deleted in the last thirty days: brought back one by one, or gone for good together. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button, IconButton } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { Empty } from "@/ui/Empty";
import { fromNow } from "@/ui/format";
import { Listing } from "@/ui/Listing";
import { useNow } from "@/ui/now";
import rows from "@/ui/rows.module.css";
import { When } from "@/ui/When";
import { deleteForGood, emptyTrash, restoreTask } from "../actions";
import { trashQuery } from "../queries";
import type { TaskItem } from "../types";
import styles from "./trash.module.css";

const KEPT_MS = 30 * 24 * 3_600_000;
const ROW_PX = 56;

const COLUMNS = [
  { key: "title", name: "Title", look: styles.trashTitle },
  { key: "deleted", name: "Deleted", look: styles.trashDeleted },
  { key: "gone", name: "Gone for good", look: styles.trashGone },
  { key: "actions", name: "Actions", unseen: true, look: styles.trashActions },
];

function Cells({ task, onDelete }: { task: TaskItem; onDelete: (task: TaskItem) => void }) {
  const now_ms = useNow();
  const deleted_at = task.deleted_at ?? task.updated_at;
  const gone = fromNow(new Date(Date.parse(deleted_at) + KEPT_MS).toISOString(), now_ms);
  return (
    <>
      <td className={styles.trashTitle}>
        <span className={styles.name}>{task.title}</span>
        <span className={styles.below}>Gone for good {gone}</span>
      </td>
      <td className={styles.trashDeleted}>
        <When time={deleted_at} />
      </td>
      <td className={styles.trashGone}>{gone}</td>
      <td className={styles.trashActions}>
        <Button small icon="restore" onClick={() => void restoreTask(task)}>
          Restore
        </Button>
        <IconButton
          icon="trash"
          size={18}
          label={`Delete ${task.title} for good`}
          onClick={() => onDelete(task)}
        />
      </td>
    </>
  );
}

export default function TrashPage() {
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } =
    useInfiniteQuery(trashQuery);
  const [asked, setAsked] = useState(false);
  const [ending, setEnding] = useState<TaskItem | null>(null);
  const tasks = data?.pages.flatMap((page) => page.items);
  const empty = async () => {
    await emptyTrash();
    setAsked(false);
  };
  return (
    <>
      {tasks !== undefined && tasks.length > 0 && (
        <div className={rows.rowsHead}>
          <p>What you delete stays here for 30 days, then it is gone for good.</p>
          <Button icon="trash" onClick={() => setAsked(true)}>
            Empty the trash
          </Button>
        </div>
      )}
      <Listing
        what="the trash"
        columns={COLUMNS}
        items={tasks}
        keyOf={({ id }) => id}
        cells={(task) => <Cells task={task} onDelete={setEnding} />}
        empty={
          <Empty icon="trash" title="Nothing in the trash">
            <p>Tasks that you delete wait here for 30 days, in case you want one back.</p>
          </Empty>
        }
        error={error}
        retry={() => void refetch()}
        more={hasNextPage && !isFetchingNextPage ? () => void fetchNextPage() : undefined}
        onOpen={(task) => void restoreTask(task)}
        onKey={(key, task) => {
          if (key === "Delete") setEnding(task);
          return key === "Delete";
        }}
        row_px={ROW_PX}
      />
      {ending && (
        <ConfirmDialog
          title={`Delete “${ending.title}” for good`}
          look="trouble"
          send="Delete it"
          sending="Deleting…"
          confirm={async () => {
            await deleteForGood(ending);
            setEnding(null);
          }}
          onClose={() => setEnding(null)}
        >
          It is gone, with its subtasks, comments and files; nothing brings it back.
        </ConfirmDialog>
      )}
      {asked && (
        <ConfirmDialog
          title="Empty the trash"
          look="trouble"
          send="Empty it"
          sending="Emptying…"
          confirm={empty}
          onClose={() => setAsked(false)}
        >
          Everything in it is gone for good; nothing brings it back.
        </ConfirmDialog>
      )}
    </>
  );
}
