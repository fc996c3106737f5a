/** The files of a task: to fetch, to add, to remove. */
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { Button, IconButton } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { bytes } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Failed } from "@/ui/Notice";
import { When } from "@/ui/When";
import { addFiles } from "@/uploads/face";
import { membersQuery } from "../projects/queries";
import type { Task } from "../types";
import { attachmentsQuery, type Attachment } from "./queries";
import { attaching } from "./taking";
import styles from "./attachments.module.css";

interface RowProps {
  file: Attachment;
  /** Whose it is, where that is known. */
  by: string | undefined;
  editable: boolean;
}

function Row({ file, by, editable }: RowProps) {
  const [asking, setAsking] = useState(false);
  const { id, task_id, filename, size_bytes, url, created_at } = file;
  const remove = async () => {
    await http.delete(`/tasks/${task_id}/attachments/${id}`);
    await queryClient.invalidateQueries({ queryKey: attachmentsQuery(task_id).queryKey });
    setAsking(false);
  };
  return (
    <li className={styles.file}>
      <Icon name="download" size={18} />
      <span>
        <a href={url} download={filename}>
          {filename}
        </a>
        <small>
          {bytes(size_bytes)} · {by !== undefined && `${by}, `}
          <When time={created_at} />
        </small>
      </span>
      {editable && (
        <IconButton icon="trash" size={18} label={`Delete ${filename}`} onClick={() => setAsking(true)} />
      )}
      {asking && (
        <ConfirmDialog
          title="Delete this file?"
          send="Delete"
          sending="Deleting…"
          look="trouble"
          onClose={() => setAsking(false)}
          confirm={remove}
        >
          “{filename}” is gone for good, for everybody. Its {bytes(size_bytes)} are free again.
        </ConfirmDialog>
      )}
    </li>
  );
}

export function Attachments({ task, editable }: { task: Task; editable: boolean }) {
  const input = useRef<HTMLInputElement>(null);
  const { data, error, refetch } = useQuery({
    ...attachmentsQuery(task.id),
    // Most tasks have none, and need not be asked for them.
    enabled: task.attachment_count > 0,
  });
  const members = useQuery({
    ...membersQuery(task.project_id ?? ""),
    enabled: task.project_id !== null,
  });
  const files = task.attachment_count > 0 ? (data?.items ?? []) : [];
  if (files.length === 0 && !editable && !error) return null;
  const nameOf = (id: string) => members.data?.items.find(({ user_id }) => user_id === id)?.name;
  return (
    <section className={styles.attachments} aria-labelledby="attachments">
      <h2 id="attachments">Files</h2>
      {error && (
        <Failed what="The files can't be shown" error={error} retry={() => void refetch()} />
      )}
      {files.length > 0 && (
        <ul>
          {files.map((file) => (
            <Row key={file.id} file={file} by={nameOf(file.added_by)} editable={editable} />
          ))}
        </ul>
      )}
      {editable && (
        <>
          <Button small icon="plus" onClick={() => input.current?.click()}>
            Attach files
          </Button>
          <input
            ref={input}
            type="file"
            hidden
            multiple
            aria-label="Files to attach"
            onChange={(event) => {
              addFiles(event.target.files ?? [], attaching, task.id);
              event.target.value = "";
            }}
          />
        </>
      )}
    </section>
  );
}
