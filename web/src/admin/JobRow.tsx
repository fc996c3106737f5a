/** One job in the administrator's list: what it is, how far it is, why it died. */
import { useQuery } from "@tanstack/react-query";
import { jobQuery } from "@/api/queries";
import type { Job } from "@/api/types";
import { Button } from "@/ui/Button";
import { atTime } from "@/ui/format";
import { Meter } from "@/ui/Meter";
import { cancelJob, requeueAll } from "./jobs";

const STATE_WORDS: Record<Job["status"], string> = {
  queued: "Waiting",
  running: "Running",
  done: "Done",
  dead: "Dead",
  cancelled: "Cancelled",
};

export function JobRow({ job: listed }: { job: Job }) {
  // Live events write to the job's own entry in the cache; it is only read here, never fetched.
  const { data: live } = useQuery({ ...jobQuery(listed.id), enabled: false });
  const job = live ?? listed;
  const { done, total, message } = job.progress;
  const words = message || STATE_WORDS[job.status];
  const tone = job.status === "dead" ? "trouble" : job.status === "done" ? "ok" : "signal";
  return (
    <li className="admin-row">
      <span className="admin-who">
        <strong>{job.kind}</strong>
        <span className="quiet">
          {STATE_WORDS[job.status]}, attempt {job.attempts} of {job.max_attempts}
        </span>
      </span>
      <span className={job.error === null ? "quiet" : "admin-reason"}>
        {job.error ?? `Made ${atTime(job.created_at)}`}
      </span>
      <span className="admin-figures">
        <Meter
          label={`Progress of ${job.kind}`}
          kind="progressbar"
          level={total > 0 ? done / total : 0}
          text={words}
          tone={tone}
        />
        {words}
      </span>
      <span className="admin-actions">
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
