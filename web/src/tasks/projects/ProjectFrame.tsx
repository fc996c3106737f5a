/** What surrounds each page of a project: its name, what I am in it, its pages as tabs. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState, type ReactNode } from "react";
import { Problem } from "@/api/problem";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { Failed, Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { Tabs } from "@/ui/Tabs";
import { ColourDot } from "./Colours";
import { projectMenu } from "./ProjectCard";
import { ProjectDialog } from "./ProjectDialog";
import { projectQuery, type Project } from "./queries";
import { WITH_ARTICLE } from "./ranks";
import styles from "./project-frame.module.css";

interface Props {
  projectId: string;
  /** Which of its pages this is. */
  part: string;
  children: (project: Project) => ReactNode;
}

const GONE = 404;

export function ProjectFrame({ projectId, part, children }: Props) {
  const { data, error, refetch } = useQuery(projectQuery(projectId));
  const gone = error instanceof Problem && error.status === GONE;
  if (data && !gone) {
    return (
      <Frame project={data} part={part}>
        {children(data)}
      </Frame>
    );
  }
  return (
    <Page title="Project">
      {gone && (
        <Notice tone="plain" title="This project can't be shown">
          It was deleted, or you aren't in it any more.{" "}
          <Link to="/tasks/projects">Go to your projects</Link>
        </Notice>
      )}
      {error && !gone && (
        <Failed what="This project can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!error && <Skeleton what="the project" shape="tiles" />}
    </Page>
  );
}

interface FrameProps {
  project: Project;
  part: string;
  children: ReactNode;
}

function Frame({ project, part, children }: FrameProps) {
  const [editing, setEditing] = useState<Project | null>(null);
  const navigate = useNavigate();
  const params = { projectId: project.id };
  const items = projectMenu(project, setEditing).map((item) =>
    item.key === "delete"
      ? { ...item, run: () => { item.run(); void navigate({ to: "/tasks/projects" }); } }
      : item,
  );
  return (
    <Page
      title={project.name}
      part={part}
      actions={
        project.rank === "owner" && (
          <Menu label={`Actions for ${project.name}`} items={items}>
            <Icon name="more" />
          </Menu>
        )
      }
    >
      <p className={styles.about}>
        <ColourDot colour={project.colour} />
        {project.rank === "owner"
          ? "Mine"
          : `Of ${project.owner_name}; I am ${WITH_ARTICLE[project.rank]}`}
        {project.description !== "" && <span>{project.description}</span>}
      </p>
      <Tabs label={project.name}>
        <Link to="/tasks/projects/$projectId" params={params} activeOptions={{ exact: true }}>
          Board
        </Link>
        <Link
          to="/tasks/projects/$projectId/list"
          params={params}
          activeOptions={{ includeSearch: false }}
        >
          List
        </Link>
        <Link to="/tasks/projects/$projectId/members" params={params}>
          Members
        </Link>
        <Link to="/tasks/projects" activeOptions={{ exact: true }}>
          All projects
        </Link>
      </Tabs>
      {project.deleted_at !== null && <Notice tone="plain">This project is in the trash.</Notice>}
      {project.archived_at !== null && (
        <Notice tone="plain">This project is in the archive: it is only read.</Notice>
      )}
      {children}
      {editing && <ProjectDialog project={editing} onClose={() => setEditing(null)} />}
    </Page>
  );
}
