/** Jobs that run, wait or have died, with their reasons and the way back into the queue. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { jobsQuery } from "./queries";
import type { JobState } from "./types";
import { Button } from "@/ui/Button";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { requeueAll } from "./jobs";
import { JobRow } from "./JobRow";
import admin from "./admin.module.css";
import choice from "@/ui/choice.module.css";

const STATES: readonly { value: JobState; name: string; none: string }[] = [
  { value: "dead", name: "Dead", none: "No job has died. Those that fail for good end up here." },
  { value: "running", name: "Running", none: "Nothing is running right now." },
  { value: "queued", name: "Waiting", none: "Nothing waits." },
  { value: "done", name: "Done", none: "No job has finished yet." },
  { value: "cancelled", name: "Cancelled", none: "No job was cancelled." },
];

export default function JobsPage() {
  const { state = "dead" } = useSearch({ from: "/in/admin/jobs" });
  const navigate = useNavigate();
  const [requeueing, setRequeueing] = useState(false);
  const { data, error, refetch, hasNextPage, fetchNextPage } = useInfiniteQuery({
    ...jobsQuery(state),
    refetchInterval: state === "running" || state === "queued" ? 5_000 : false,
  });
  const jobs = data?.pages.flatMap((page) => page.items);
  const onRequeueAll = async () => {
    setRequeueing(true);
    await requeueAll(jobs ?? []);
    setRequeueing(false);
  };
  return (
    <>
      <div className={admin.adminBar}>
        <fieldset className={choice.choice}>
          <legend className="unseen">Which jobs</legend>
          {STATES.map(({ value, name }) => (
            <label key={value}>
              <input
                type="radio"
                name="state"
                checked={value === state}
                onChange={() => void navigate({ to: "/admin/jobs", search: { state: value } })}
              />
              {name}
            </label>
          ))}
        </fieldset>
        {state === "dead" && jobs !== undefined && jobs.length > 0 && (
          <Button icon="retry" disabled={requeueing} onClick={() => void onRequeueAll()}>
            {requeueing ? "Putting them back…" : `Put all ${jobs.length} back in the queue`}
          </Button>
        )}
      </div>
      {error && (
        <Failed what="The jobs can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!jobs && !error && <Skeleton what="the jobs" />}
      {jobs?.length === 0 && (
        <p className="quiet">{STATES.find(({ value }) => value === state)?.none}</p>
      )}
      <ul className={admin.adminList}>{jobs?.map((job) => <JobRow key={job.id} job={job} />)}</ul>
      {hasNextPage && <Button onClick={() => void fetchNextPage()}>Show more</Button>}
    </>
  );
}
