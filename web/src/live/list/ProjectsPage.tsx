/** All of one's live projects: which are on the air, and how to begin. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed, Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import rows from "@/ui/rows.module.css";
import { Skeleton } from "@/ui/Skeleton";
import { ingestQuery, projectsQuery, statusesQuery } from "../queries";
import { NewProject } from "./NewProject";
import { ProjectRow } from "./ProjectRow";
import styles from "./projects.module.css";

function NoProjects({ onMake }: { onMake: () => void }) {
  return (
    <div className={styles.hue}>
      <Empty
        icon="live"
        title="Go live everywhere at once"
        action={
          <Button look="signal" icon="plus" onClick={onMake}>
            Make your first project
          </Button>
        }
      >
        <p>
          Your encoder (OBS, a camera, a phone) sends one stream here, and Backline passes it on to
          YouTube, Twitch and wherever else you are. One that is slow or down never holds up the
          others, and each can be turned on and off in the middle of the show.
        </p>
        <ol className={styles.steps}>
          <li>Make a project: it has a server and a stream key of its own.</li>
          <li>Add where it goes, with the key that each platform gives you.</li>
          <li>Put the project’s server and key into your encoder, and start streaming.</li>
        </ol>
      </Empty>
    </div>
  );
}

export default function ProjectsPage() {
  const [making, setMaking] = useState(false);
  const { data, error, refetch } = useQuery(projectsQuery);
  const { data: statuses } = useQuery(statusesQuery);
  const { data: ingest } = useQuery(ingestQuery);
  const projects = data?.items;
  const some = projects !== undefined && projects.length > 0;
  return (
    <Page
      title="Live"
      actions={
        some && (
          <Button look="signal" icon="plus" onClick={() => setMaking(true)}>
            New project
          </Button>
        )
      }
    >
      {ingest?.fault != null && <Notice title="Nobody can go live just now">{ingest.fault}</Notice>}
      {error && !projects && (
        <Failed what="Your projects can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!projects && !error && <Skeleton what="your live projects" rows={3} />}
      {projects?.length === 0 && <NoProjects onMake={() => setMaking(true)} />}
      {some && (
        <ul className={rows.rows} aria-label="Live projects">
          {projects.map((project) => (
            <ProjectRow
              key={project.id}
              project={project}
              status={statuses?.items.find(({ project_id }) => project_id === project.id)}
            />
          ))}
        </ul>
      )}
      {making && <NewProject onClose={() => setMaking(false)} />}
    </Page>
  );
}
