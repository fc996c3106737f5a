/** One show over time: what came in, and how each destination did. */
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { Problem } from "@/api/problem";
import { atTime, clock } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Lamp } from "@/ui/Lamp";
import { Failed, Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { graphQuery, projectQuery } from "../queries";
import type { Show } from "../types";
import { aboutShow, lengthOf } from "../words";
import { ShowGraphs } from "./ShowGraphs";
import room from "../room/room.module.css";
import styles from "./show.module.css";

function About({ show }: { show: Show }) {
  const [length_s, about] = [lengthOf(show), aboutShow(show)];
  return (
    <p className={styles.about}>
      <span>
        <Lamp lit={length_s === null} />
        {length_s === null ? "On now" : `${clock(length_s)} long`}
      </span>
      {about.map((words) => (
        <span key={words}>{words}</span>
      ))}
    </p>
  );
}

export default function ShowPage() {
  const { projectId, showId } = useParams({ from: "/in/live/$projectId/shows/$showId" });
  const { data: project } = useQuery(projectQuery(projectId));
  const { data: graph, error, refetch } = useQuery(graphQuery(projectId, showId));
  const gone = error instanceof Problem && error.status === 404;
  return (
    <Page
      title={graph ? `Show of ${atTime(graph.show.started_at)}` : "Show"}
      part={project?.name}
    >
      <Link to="/live/$projectId" params={{ projectId }} className={room.back}>
        <Icon name="back" size={18} />
        {project?.name ?? "Control room"}
      </Link>
      {gone && (
        <Notice tone="plain" title="This show isn't here">
          Its project may have been deleted, or its address mistyped. Shows are kept for 400 days.
        </Notice>
      )}
      {error && !gone && !graph && (
        <Failed what="This show can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!graph && !error && <Skeleton what="this show" shape="block" rows={2} />}
      {graph && !gone && (
        <>
          <About show={graph.show} />
          <ShowGraphs graph={graph} />
        </>
      )}
    </Page>
  );
}
