/** The files on their way up, in the corner, with what the server makes of them afterwards. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { jobQuery } from "@/api/queries";
import { useStore } from "@/api/store";
import { Button, IconButton } from "@/ui/Button";
import { bytes, percent } from "@/ui/format";
import { Meter } from "@/ui/Meter";
import { levelOf, progressWords } from "@/ui/progress";
import { clearSent, dropUpload, retryUpload, uploads, type Upload } from "./queue";
import { classes } from "@/ui/classes";
import button from "@/ui/button.module.css";
import styles from "./tray.module.css";

interface View {
  words: string;
  level: number | null;
  tone: "signal" | "ok" | "trouble";
}

/** What one line says: first the journey up, then the rendition, then the result. */
function useView(upload: Upload): View {
  const { phase, jobId } = upload;
  const sent = phase === "sent";
  const { data: job } = useQuery({ ...jobQuery(jobId ?? ""), enabled: sent && jobId !== null });
  if (phase === "failed") {
    return { words: upload.note ?? "It failed.", level: null, tone: "trouble" };
  }
  if (phase === "waiting") return { words: "Waits its turn", level: 0, tone: "signal" };
  if (!sent) {
    const words =
      upload.note ??
      `${percent(upload.sentBytes, upload.file.size)} % of ${bytes(upload.file.size)}`;
    return { words, level: upload.sentBytes / upload.file.size, tone: "signal" };
  }
  if (upload.taking.asItIs === true || job?.status === "done") return { words: upload.taking.done, level: 1, tone: "ok" };
  if (job?.status === "dead" || job?.status === "cancelled") {
    return { words: job.error ?? upload.taking.failed, level: null, tone: "trouble" };
  }
  return { words: progressWords(job), level: levelOf(job), tone: "signal" };
}

function Line({ upload }: { upload: Upload }) {
  const { words, level, tone } = useView(upload);
  const travelling = upload.phase === "sending" || upload.phase === "pausing";
  return (
    <li className={styles.trayLine}>
      <span className={styles.trayName}>{upload.file.name}</span>
      {upload.phase === "failed" && upload.file.size > 0 && (
        <IconButton
          icon="retry"
          label={`Try ${upload.file.name} again`}
          size={18}
          onClick={() => retryUpload(upload.key)}
        />
      )}
      <IconButton
        icon="close"
        label={travelling ? `Stop ${upload.file.name}` : `Take ${upload.file.name} off the list`}
        size={18}
        onClick={() => dropUpload(upload.key)}
      />
      {level !== null && (
        <Meter
          label={upload.file.name}
          kind="progressbar"
          level={level}
          text={words}
          tone={tone}
        />
      )}
      <p className={tone === "trouble" ? styles.trayTrouble : styles.trayWords}>{words}</p>
    </li>
  );
}

export function Tray() {
  const list = useStore(uploads);
  const [open, setOpen] = useState(true);
  if (list.length === 0) return null;
  const travelling = list.filter(({ phase }) => phase !== "sent" && phase !== "failed");
  const total = list.reduce((sum, { file }) => sum + file.size, 0);
  const sent = list.reduce((sum, { sentBytes }) => sum + sentBytes, 0);
  const title =
    travelling.length === 0
      ? "Uploads"
      : `Uploading ${travelling.length} ${travelling.length === 1 ? "file" : "files"}`;
  return (
    <section className={styles.tray} aria-label="Uploads">
      <header className={styles.trayHead}>
        <h2>{title}</h2>
        {!open && travelling.length > 0 && (
          <Meter
            label="All uploads"
            kind="progressbar"
            level={sent / Math.max(total, 1)}
            text={`${bytes(sent)} of ${bytes(total)}`}
          />
        )}
        {travelling.length === 0 && (
          <Button look="bare" small onClick={clearSent}>
            Clear
          </Button>
        )}
        <button
          type="button"
          className={classes(button.iconButton, !open && styles.trayFolded)}
          aria-expanded={open}
          aria-label={open ? "Fold the list" : "Unfold the list"}
          onClick={() => setOpen(!open)}
        >
          <svg width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">
            <path d="m6 9.5 6 6 6-6" fill="none" stroke="currentColor" strokeWidth="1.7" />
          </svg>
        </button>
      </header>
      {open && (
        <ul>
          {list.map((upload) => (
            <Line key={upload.key} upload={upload} />
          ))}
        </ul>
      )}
    </section>
  );
}
