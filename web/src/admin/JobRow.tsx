/** One job in the administrator's list: what it is, how far it is, why it died. */
import { useQuery } from "@tanstack/react-query";
import { jobQuery } from "@/api/queries";
import type { Job } from "@/api/types";
import { Button } from "@/ui/Button";
import { atTime } from "@/ui/format";
import { Meter } from "@/ui/Meter";
import { levelOf, progressWords, stateWords } from "@/ui/progress";
import { cancelJob, requeueAll } from "./jobs";
import admin from "./admin.module.css";

export function JobRow({ job: listed }: { job: Job }) {
  // Live events write to the job's own entry in the cache; it is only read here, never fetched.
  const { data: live } = useQuery({ ...jobQuery(listed.id), enabled: false });
  const job = live ?? listed;
  const words = progressWords(job);
  const tone = job.status === "dead" ? "trouble" : job.status === "done" ? "ok" : "signal";
  return (
    <li className={admin.adminRow}>
      <span className={admin.adminWho}>
        <strong>{job.kind}</strong>
        <span className="quiet">
          {stateWords(job)}, attempt {job.attempts} of {job.max_attempts}
        </span>
      </span>
      <span className={job.error === null ? "quiet" : admin.adminReason}>
        {job.error ?? `Made ${atTime(job.created_at)}`}
      </span>
      <span className={admin.adminFigures}>
        <Meter
          label={`Progress of ${job.kind}`}
          kind="progressbar"
          level={levelOf(job)}
          text={words}
          tone={tone}
        />
        {words}
      </span>
      <span className={admin.adminActions}>
        {job.status === "dead" && (
          <Button small icon="retry" onClick={() => void requeueAll([job])}>
            Requeue
          </Button>
        )}
        {(job.status === "queued" || job.status === "running") && (
          <Button small icon="close" onClick={() => void cancelJob(job)}>
            Cancel
          </Button>
        )}
      </span>
    </li>
  );
}
