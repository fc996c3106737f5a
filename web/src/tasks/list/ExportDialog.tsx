/** The list as a file: made by a job, with its progress, and kept for a week. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { jobQuery } from "@/api/queries";
import { Button, IconButton } from "@/ui/Button";
import button from "@/ui/button.module.css";
import { Dialog } from "@/ui/Dialog";
import { bytes, count } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Meter } from "@/ui/Meter";
import { Failed } from "@/ui/Notice";
import { levelOf, progressWords } from "@/ui/progress";
import { When } from "@/ui/When";
import { deleteExport, makeExport } from "../exports";
import { filtersOf, type TaskQuery } from "../filter";
import { exportsQuery } from "../queries";
import type { Export, Format } from "../types";
import styles from "./export-dialog.module.css";

const FORMATS = [
  { format: "csv", name: "CSV, for spreadsheets" },
  { format: "json", name: "JSON, for programs" },
] as const;

function Making({ made }: { made: Export }) {
  const { data: job } = useQuery(jobQuery(made.job_id));
  const words = progressWords(job);
  return (
    <>
      <Meter label="Progress of the export" kind="progressbar" level={levelOf(job)} text={words} />
      <span className="quiet">{words}</span>
    </>
  );
}

function File({ made }: { made: Export }) {
  const { status, format, url, size_bytes, count: tasks } = made;
  const name = format.toUpperCase();
  return (
    <li className={styles.file}>
      <span className={styles.what}>
        <strong>{name}</strong>
        <span className="quiet">
          <When time={made.created_at} />
          {tasks !== null && `, ${count(tasks)} ${tasks === 1 ? "task" : "tasks"}`}
          {size_bytes !== null && `, ${bytes(size_bytes)}`}
        </span>
        {status === "failed" && <span>{made.error ?? "It couldn't be written. Try again."}</span>}
        {status === "running" && <Making made={made} />}
      </span>
      {url !== null && (
        <a className={button.button} href={url} download>
          <Icon name="download" size={18} />
          <span>Download</span>
        </a>
      )}
      <IconButton icon="trash" label={`Delete the ${name} file`} onClick={() => void deleteExport(made)} />
    </li>
  );
}

export function ExportDialog({ query, onClose }: { query: TaskQuery; onClose: () => void }) {
  // Addresses of files last for a while only: they are fresh when the dialog opens.
  const { data, error, refetch } = useQuery({ ...exportsQuery, staleTime: 0 });
  const [asking, setAsking] = useState(false);
  const make = async (format: Format) => {
    setAsking(true);
    await makeExport(format, filtersOf(query));
    setAsking(false);
  };
  return (
    <Dialog title="Export" onClose={onClose}>
      <p>All tasks that the list shows now, as a file. It is kept for a week.</p>
      <div className={button.formActions}>
        {FORMATS.map(({ format, name }) => (
          <Button key={format} disabled={asking} onClick={() => void make(format)}>
            {name}
          </Button>
        ))}
      </div>
      {error && (
        <Failed what="Your files can't be shown" error={error} retry={() => void refetch()} />
      )}
      {data !== undefined && data.items.length > 0 && (
        <ul className={styles.files} aria-label="Files">
          {data.items.map((made) => (
            <File key={made.id} made={made} />
          ))}
        </ul>
      )}
    </Dialog>
  );
}
