/** What an administrator does to jobs. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import type { Job } from "@/api/types";
import { toast } from "@/ui/toasts";

const reread = () => queryClient.invalidateQueries({ queryKey: ["admin", "jobs"] });

export async function requeueAll(jobs: readonly Job[]): Promise<void> {
  let back = 0;
  let refused: unknown = null;
  // One after the other: a long list shouldn't use up the caller's own rate limit at once.
  for (const job of jobs) {
    try {
      await http.post<Job>(`/admin/jobs/${job.id}/requeue`);
      back += 1;
    } catch (error) {
      refused = error;
      break;
    }
  }
  if (refused !== null) {
    toast({
      tone: "trouble",
      text: `${back} of ${jobs.length} are back in the queue. ${sentenceOf(refused)}`,
    });
  } else toast({ text: back === 1 ? "The job is back in the queue." : `${back} jobs are back.` });
  await reread();
}

export async function cancelJob(job: Job): Promise<void> {
  try {
    await http.post<Job>(`/admin/jobs/${job.id}/cancel`);
  } catch (error) {
    toast({ tone: "trouble", text: `The job goes on. ${sentenceOf(error)}` });
  }
  await reread();
}
