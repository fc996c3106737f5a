/** One export: how far it is, what it lacks, why it failed; to be had, cancelled and deleted. */
import { useQuery } from "@tanstack/react-query";
import { jobQuery } from "@/api/queries";
import { Button, IconButton } from "@/ui/Button";
import button from "@/ui/button.module.css";
import { bytes } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Meter } from "@/ui/Meter";
import { levelOf, progressWords } from "@/ui/progress";
import { When } from "@/ui/When";
import { plural } from "../words";
import { removeExport } from "./actions";
import type { ConcertExport } from "./queries";
import styles from "./export-dialog.module.css";

function Making({ name, job_id }: { name: string; job_id: string }) {
  const { data: job } = useQuery(jobQuery(job_id));
  const words = progressWords(job);
  return (
    <>
      <Meter label={`Progress of the ${name}`} kind="progressbar" level={levelOf(job)} text={words} />
      <span className="quiet">{words}</span>
    </>
  );
}

export function ExportRow({ made }: { made: ConcertExport }) {
  const { status, error, warnings, url, count, size_bytes } = made;
  const name = made.format.toUpperCase();
  const about = [
    ...(count === null ? [] : [plural(count, "concert")]),
    ...(size_bytes === null ? [] : [bytes(size_bytes)]),
  ];
  return (
    <li>
      <div className={styles.about}>
        <strong>{name}</strong>
        <span className="quiet">
          <When time={made.created_at} />
          {about.map((part) => `, ${part}`)}
        </span>
        {status === "running" && <Making name={name} job_id={made.job_id} />}
        {status === "failed" && <span>{error ?? "It couldn’t be made. Please ask for it again."}</span>}
        {warnings.map((warning) => (
          <span key={warning} className={styles.warning}>
            <Icon name="warning" size={16} />
            {warning}
          </span>
        ))}
      </div>
      {url !== null && (
        <a className={button.button} href={url} download>
          <Icon name="download" size={18} />
          <span>Download</span>
        </a>
      )}
      {status === "running" ? (
        <Button small onClick={() => void removeExport(made)}>
          Cancel
        </Button>
      ) : (
        <IconButton icon="trash" label={`Delete the ${name} file`} onClick={() => void removeExport(made)} />
      )}
    </li>
  );
}
