/** One folder: how its last scan stands, its figures, and what can be done with it. */
import { useState } from "react";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { count } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Meter } from "@/ui/Meter";
import { Tag } from "@/ui/Tag";
import { When } from "@/ui/When";
import { removeFolder, removeMissing, scanAgain, tellScan } from "./actions";
import { Failures } from "./Failures";
import type { MusicFolder, MusicScan } from "./queries";
import styles from "./folders.module.css";

const STATES: Record<MusicScan["state"], string> = {
  running: "Running",
  paused: "Paused",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

const plural = (figure: number, one: string) => `${count(figure)} ${one}${figure === 1 ? "" : "s"}`;

function progress({ state, found, total, done, rate_per_s }: MusicScan): string {
  if (state === "running" && found === 0) return "Looking through the folder";
  if (total === 0) return `Nothing new among ${plural(found, "file")}`;
  const rate = rate_per_s === null ? "" : `, ${count(Math.round(rate_per_s))} a second`;
  return `${count(done)} of ${plural(total, "file")}${rate}`;
}

const isUnderWay = (scan: MusicScan | undefined) =>
  scan !== undefined && (scan.state === "running" || scan.state === "paused");

function Actions({ folder, scan }: { folder: MusicFolder; scan: MusicScan | undefined }) {
  const [asking, setAsking] = useState(false);
  if (scan !== undefined && isUnderWay(scan)) {
    const paused = scan.state === "paused";
    return (
      <div className={styles.actions}>
        <Button
          small
          icon={paused ? "play" : "pause"}
          onClick={() => void tellScan(scan, paused ? "resume" : "pause")}
        >
          {paused ? "Go on" : "Pause"}
        </Button>
        <Button small icon="close" onClick={() => void tellScan(scan, "cancel")}>
          Cancel
        </Button>
      </div>
    );
  }
  return (
    <div className={styles.actions}>
      <Button small icon="retry" onClick={() => void scanAgain(folder)}>
        Scan again
      </Button>
      <Button small look="bare" onClick={() => setAsking(true)}>
        Take out
      </Button>
      {asking && (
        <ConfirmDialog
          title="Take this folder out?"
          send="Take out"
          sending="Taking out…"
          look="trouble"
          onClose={() => setAsking(false)}
          confirm={async () => {
            await removeFolder(folder);
            setAsking(false);
          }}
        >
          {`${plural(folder.tracks, "track")} of ${folder.path} leave your library. The files stay as they are.`}
        </ConfirmDialog>
      )}
    </div>
  );
}

function LastScan({ scan }: { scan: MusicScan }) {
  const [open, setOpen] = useState(false);
  const { state, total, done, added, changed, failed, error } = scan;
  const words = progress(scan);
  const level = total > 0 ? done / total : state === "done" ? 1 : 0;
  const tone = state === "failed" ? "trouble" : state === "done" ? "ok" : "signal";
  return (
    <>
      <Meter label={scan.path} kind="progressbar" level={level} text={words} tone={tone} />
      <p className={styles.progress}>{words}</p>
      {error !== null && <p className={styles.error}>{error}</p>}
      <div className={styles.figures}>
        <span>{plural(added, "new track")}</span>
        {changed > 0 && <span>{count(changed)} changed</span>}
        {failed > 0 && (
          <Button look="link" aria-expanded={open} onClick={() => setOpen(!open)}>
            {`${count(failed)} failed`}
          </Button>
        )}
        <span>
          <When time={scan.created_at} />
        </span>
      </div>
      {open && failed > 0 && <Failures scan={scan} />}
    </>
  );
}

export function FolderCard({ folder, scan }: { folder: MusicFolder; scan: MusicScan | undefined }) {
  const { path, tracks, missing } = folder;
  return (
    <article className={styles.card} aria-label={path}>
      <header>
        <Icon name="folder" />
        <h2>{path}</h2>
        {scan && (
          <Tag
            tone={
              scan.state === "failed" ? "trouble" : scan.state === "running" ? "signal" : "plain"
            }
          >
            {STATES[scan.state]}
          </Tag>
        )}
        <Actions folder={folder} scan={scan} />
      </header>
      <div className={styles.figures}>
        <span>{plural(tracks, "track")} in your library</span>
        {missing > 0 && (
          <>
            <span>{count(missing)} missing, hidden until they are back</span>
            <Button look="link" onClick={() => void removeMissing(folder)}>
              Remove them
            </Button>
          </>
        )}
      </div>
      {scan && <LastScan scan={scan} />}
    </article>
  );
}
