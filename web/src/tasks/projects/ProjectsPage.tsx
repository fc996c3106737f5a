/** All projects that somebody sees: their own, those shared with them, and what was put away. */
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { ProjectCard } from "./ProjectCard";
import { ProjectDialog } from "./ProjectDialog";
import { projectsQuery, type Project } from "./queries";
import styles from "./projects.module.css";

interface Part {
  title: string;
  fits: (project: Project) => boolean;
}

const PARTS: readonly Part[] = [
  {
    title: "My projects",
    fits: ({ rank, archived_at, deleted_at }) =>
      rank === "owner" && archived_at === null && deleted_at === null,
  },
  {
    title: "Shared with me",
    fits: ({ rank, archived_at, deleted_at }) =>
      rank !== "owner" && archived_at === null && deleted_at === null,
  },
  { title: "Archived", fits: ({ archived_at, deleted_at }) => archived_at !== null && deleted_at === null },
  { title: "In the trash", fits: ({ deleted_at }) => deleted_at !== null },
];

export default function ProjectsPage() {
  const { data, error, refetch } = useQuery(projectsQuery);
  const [editing, setEditing] = useState<Project | "new" | null>(null);
  const navigate = useNavigate();
  const make = (
    <Button icon="plus" look="signal" onClick={() => setEditing("new")}>
      New project
    </Button>
  );
  const open = ({ id }: Project) =>
    void navigate({ to: "/tasks/projects/$projectId", params: { projectId: id } });
  return (
    <>
      {error && <Failed what="Your projects can't be shown" error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton what="projects" shape="tiles" />}
      {data?.items.length === 0 && (
        <div className={styles.hue}>
          <Empty icon="tasks" title="No projects yet" action={make}>
            <p>
              A tour, an album, a rehearsal room: what you plan with others is a project. It has a
              board that everybody in it sees change as it happens.
            </p>
          </Empty>
        </div>
      )}
      {data && data.items.length > 0 && (
        <>
          <div className={styles.actions}>{make}</div>
          {PARTS.map(({ title, fits }) => {
            const projects = data.items.filter(fits);
            return (
              projects.length > 0 && (
                <section key={title} className={styles.part}>
                  <h2>{title}</h2>
                  <ul className={styles.projects}>
                    {projects.map((project) => (
                      <ProjectCard key={project.id} project={project} onEdit={setEditing} />
                    ))}
                  </ul>
                </section>
              )
            );
          })}
        </>
      )}
      {editing !== null && (
        <ProjectDialog
          {...(editing === "new" ? { onMade: open } : { project: editing })}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}
