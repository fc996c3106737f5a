/** How far a job is, as a level for a meter and in words beside it. */
import type { Job } from "@/api/types";
import { percent } from "./format";

const WORDS: Record<Job["status"], string> = {
  queued: "Waits its turn",
  running: "Running",
  done: "Done",
  dead: "Dead",
  cancelled: "Cancelled",
};

export const stateWords = ({ status }: Job) => WORDS[status];

export function levelOf(job: Job | undefined): number {
  if (!job) return 0;
  const { done, total } = job.progress;
  return job.status === "done" ? 1 : total > 0 ? done / total : 0;
}

export function progressWords(job: Job | undefined): string {
  if (!job) return WORDS.queued;
  const { done, total, message } = job.progress;
  if (job.status === "queued" && job.error) return job.error;
  if (job.status !== "running") return WORDS[job.status];
  const what = message || WORDS.running;
  return total > 0 ? `${what}, ${percent(done, total)} %` : what;
}
