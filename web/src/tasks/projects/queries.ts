/** What the pages of projects read; `../live.ts` keeps it fresh. */
import { queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";

export type Project = Schemas["Project"];
export type ProjectMember = Schemas["ProjectMember"];
export type Colour = Project["colour"];

export const PROJECTS = ["projects"] as const;

export const projectsQuery = queryOptions({
  queryKey: [...PROJECTS, "list"],
  queryFn: ({ signal }) => http.get<Page<Project>>("/projects", { signal }),
});

export const projectQuery = (id: string) =>
  queryOptions({
    queryKey: [...PROJECTS, id],
    queryFn: ({ signal }) => http.get<Project>(`/projects/${id}`, { signal }),
  });

export const membersQuery = (id: string) =>
  queryOptions({
    queryKey: [...PROJECTS, id, "members"],
    queryFn: ({ signal }) => http.get<Page<ProjectMember>>(`/projects/${id}/members`, { signal }),
  });

/** Whoever may change what is in a project; one in the archive or the trash stays as it is. */
export const mayEdit = ({ rank, archived_at, deleted_at }: Project) =>
  (rank === "owner" || rank === "editor") && archived_at === null && deleted_at === null;
