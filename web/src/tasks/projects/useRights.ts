/** What I may do to a task, from my rank in its project: what would be refused isn't offered. */
import { useQuery } from "@tanstack/react-query";
import type { TaskItem } from "../types";
import { mayEdit, projectsQuery, type Project } from "./queries";
import { mayComment } from "./ranks";

export interface Rights {
  /** None: it is in no project, or that isn't known yet. */
  project: Project | undefined;
  edit: boolean;
  comment: boolean;
  /** Whether what others said of it is mine to remove. */
  owner: boolean;
}

type Placed = Pick<TaskItem, "project_id">;

function rightsIn(projects: readonly Project[] | undefined, { project_id }: Placed): Rights {
  // What is in no project is its owner's alone, and nobody else sees it.
  if (project_id === null) return { project: undefined, edit: true, comment: true, owner: true };
  const project = projects?.find(({ id }) => id === project_id);
  return {
    project,
    edit: project !== undefined && mayEdit(project),
    comment: project !== undefined && mayComment(project),
    owner: project?.rank === "owner",
  };
}

export function useRights(task: Placed): Rights {
  const { data } = useQuery(projectsQuery);
  return rightsIn(data?.items, task);
}

/** The same for many tasks. */
export function useRightsOf(): (task: Placed) => Rights {
  const { data } = useQuery(projectsQuery);
  return (task) => rightsIn(data?.items, task);
}
