/** A project's past shows: when, for how long, and how they ended. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button } from "@/ui/Button";
import { atTime, clock } from "@/ui/format";
import { Failed } from "@/ui/Notice";
import page from "@/ui/page.module.css";
import { showsQuery } from "../queries";
import type { LiveProject, Show } from "../types";
import { ENDED_WORDS } from "../words";
import styles from "./shows.module.css";

function Line({ show }: { show: Show }) {
  const { started_at, ended_at, ended_by, returns } = show;
  const length_s = ended_at === null ? null : (Date.parse(ended_at) - Date.parse(started_at)) / 1000;
  const about = [
    ...(ended_by === null ? [] : [ENDED_WORDS[ended_by]]),
    ...(returns === 0 ? [] : [`Encoder back ${returns === 1 ? "once" : `${returns} times`}`]),
  ];
  return (
    <li className={styles.show}>
      <time dateTime={started_at}>{atTime(started_at)}</time>
      <span>{length_s === null ? "On now" : clock(length_s)}</span>
      {about.length > 0 && <small>{about.join(" · ")}</small>}
    </li>
  );
}

export function Shows({ project }: { project: LiveProject }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    showsQuery(project.id),
  );
  const shows = data?.pages.flatMap(({ items }) => items);
  if (shows?.length === 0) return null;
  return (
    <section className={page.panel} aria-label="Shows">
      <h2>Shows</h2>
      {error && !shows && (
        <Failed what="Past shows can't be shown" error={error} retry={() => void refetch()} />
      )}
      {shows && (
        <ul>
          {shows.map((show) => (
            <Line key={show.id} show={show} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button small disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Earlier shows
        </Button>
      )}
    </section>
  );
}
