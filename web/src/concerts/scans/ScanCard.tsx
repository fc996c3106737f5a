/** One scan: its meter, its figures, and what can be done with it. */
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/ui/Button";
import { count } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Meter } from "@/ui/Meter";
import { Tag } from "@/ui/Tag";
import { When } from "@/ui/When";
import { tellScan } from "../actions";
import type { Scan } from "../types";
import { plural } from "../words";
import { Failures } from "./Failures";
import styles from "./scans.module.css";

const STATES: Record<Scan["state"], string> = {
  running: "Running",
  paused: "Paused",
  done: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

/** How long it will take at this rate, roughly. */
function left({ waiting, rate_per_s }: Scan): string | null {
  if (rate_per_s === null || rate_per_s <= 0 || waiting === 0) return null;
  const minutes = Math.ceil(waiting / rate_per_s / 60);
  return minutes <= 1 ? "less than a minute left" : `about ${plural(minutes, "minute")} left`;
}

/** What is looked through, in words. */
const sourceName = ({ source }: Scan) =>
  source.kind === "drive" ? `Google Drive, ${source.account}` : source.path;

/** Behind its list, pictures are fetched: those that wait are counted. */
const isFetching = ({ source, state, waiting }: Scan) =>
  source.kind === "drive" && state !== "done" && waiting > 0;

function driveProgress(scan: Scan): string {
  const { state, found, total, done, rate_per_s } = scan;
  if (isFetching(scan)) {
    const rate = rate_per_s === null ? [] : [`${count(Math.round(rate_per_s))} a second`];
    const remaining = state === "running" ? left(scan) : null;
    return [
      `${count(done)} of ${plural(total, "picture")}`,
      ...rate,
      ...(remaining === null ? [] : [remaining]),
    ].join(", ");
  }
  if (found === 0) return state === "running" ? "Looking through Google Drive" : "Nothing new";
  const seen = plural(found, "photo");
  const rate = rate_per_s === null ? [] : [`${count(Math.round(rate_per_s))} a second`];
  if (state === "running") return [`${seen} so far`, ...rate].join(", ");
  if (found < total) return plural(total, "picture");
  return total === 0 ? `Nothing new among ${seen}` : `${seen} in the list, ${count(total)} looked at`;
}

function progress(scan: Scan): string {
  const { state, found, total, done, rate_per_s } = scan;
  if (scan.source.kind === "drive") return driveProgress(scan);
  if (state === "running" && total === 0 && found === 0) return "Looking through the folder";
  if (total === 0) return `Nothing new among ${plural(found, "file")}`;
  const rate = rate_per_s === null ? [] : [`${rate_per_s.toFixed(1)} a second`];
  const remaining = state === "running" ? left(scan) : null;
  return [`${count(done)} of ${plural(total, "file")}`, ...rate, ...(remaining === null ? [] : [remaining])].join(", ");
}

function Actions({ scan }: { scan: Scan }) {
  const { state } = scan;
  return (
    <div className={styles.actions}>
      {state === "running" && (
        <Button small icon="pause" onClick={() => void tellScan(scan, "pause")}>
          Pause
        </Button>
      )}
      {(state === "paused" || state === "failed" || state === "cancelled") && (
        <Button small icon="play" onClick={() => void tellScan(scan, "resume")}>
          Go on
        </Button>
      )}
      {(state === "running" || state === "paused") && (
        <Button small icon="close" onClick={() => void tellScan(scan, "cancel")}>
          Cancel
        </Button>
      )}
    </div>
  );
}

export function ScanCard({ scan }: { scan: Scan }) {
  const [open, setOpen] = useState(false);
  const { state, total, done, added, failed, error } = scan;
  const name = sourceName(scan);
  const words = progress(scan);
  // How long a Drive's list is, it doesn't tell: its meter lights up with its end.
  const measured = (scan.source.kind === "folder" || isFetching(scan)) && total > 0;
  const level = measured ? done / total : state === "done" ? 1 : 0;
  const tone = state === "failed" ? "trouble" : state === "done" ? "ok" : "signal";
  return (
    <article className={styles.card} aria-label={`Scan of ${name}`}>
      <header>
        <Icon name={scan.source.kind === "drive" ? "photo" : "folder"} />
        <h2>{name}</h2>
        <Tag tone={state === "failed" ? "trouble" : state === "running" ? "signal" : "plain"}>
          {STATES[state]}
        </Tag>
        <Actions scan={scan} />
      </header>
      <Meter label={name} kind="progressbar" level={level} text={words} tone={tone} />
      <p className={styles.progress}>{words}</p>
      {error !== null && <p className={styles.error}>{error}</p>}
      <div className={styles.figures}>
        <Link to="/photos" search={{ source: scan.source_id }}>
          {plural(added, "new photo")}
        </Link>
        {scan.known > 0 && <span>{count(scan.known)} known already</span>}
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
    </article>
  );
}
