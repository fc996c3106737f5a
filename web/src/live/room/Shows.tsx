/** A project's shows: when, for how long, and how they ended; each leads to its graphs. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import { atTime, clock } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Failed } from "@/ui/Notice";
import page from "@/ui/page.module.css";
import { showsQuery } from "../queries";
import type { LiveProject, Show } from "../types";
import { aboutShow, lengthOf } from "../words";
import styles from "./shows.module.css";

function Line({ show }: { show: Show }) {
  const { id, project_id, started_at } = show;
  const [length_s, about] = [lengthOf(show), aboutShow(show)];
  return (
    <li className={styles.show}>
      <Link
        to="/live/$projectId/shows/$showId"
        params={{ projectId: project_id, showId: id }}
        className={styles.when}
      >
        <time dateTime={started_at}>{atTime(started_at)}</time>
      </Link>
      <span className={styles.length}>
        {length_s === null ? "On now" : clock(length_s)}
        <Icon name="graph" size={18} />
      </span>
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
