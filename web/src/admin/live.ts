/** Events about jobs poured into the query cache: each job's own entry, and the administrators' list. */
import { queryClient } from "@/api/client";
import { gathered } from "@/api/gathered";
import { type Hearing } from "@/api/live";
import { jobQuery } from "@/api/queries";
import type { Job } from "@/api/types";

const refreshJobs = gathered(
  () => void queryClient.invalidateQueries({ queryKey: ["admin", "jobs"] }),
);

function onJob(job: Job): void {
  queryClient.setQueryData(jobQuery(job.id).queryKey, job);
  if (job.status !== "running") refreshJobs();
}

export const jobsHearing: Hearing = { topics: ["jobs"], hear: { job: onJob } };
