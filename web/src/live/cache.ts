/** Live projects in the query cache: changed wherever they are shown, before the server answers. */
import { queryClient } from "@/api/client";
import { destinationsQuery, LIVE, projectQuery, projectsQuery, statusQuery } from "./queries";
import type { Destination, LiveProject } from "./types";

export const reread = () => queryClient.invalidateQueries({ queryKey: LIVE });

export function keepProject(project: LiveProject): void {
  queryClient.setQueryData(projectQuery(project.id).queryKey, project);
  queryClient.setQueryData(
    projectsQuery.queryKey,
    (page) =>
      page && { ...page, items: page.items.map((each) => (each.id === project.id ? project : each)) },
  );
}

export function addProject(project: LiveProject): void {
  queryClient.setQueryData(projectQuery(project.id).queryKey, project);
  queryClient.setQueryData(
    projectsQuery.queryKey,
    (page) => page && { ...page, items: [...page.items, project] },
  );
}

export function dropProject(id: string): void {
  queryClient.setQueryData(
    projectsQuery.queryKey,
    (page) => page && { ...page, items: page.items.filter((each) => each.id !== id) },
  );
}

/** Changes a project's destinations; what an answer on its way says of before doesn't undo it. */
export function editDestinations(
  projectId: string,
  edit: (items: readonly Destination[]) => Destination[],
): void {
  const { queryKey } = destinationsQuery(projectId);
  void queryClient.cancelQueries({ queryKey });
  queryClient.setQueryData(queryKey, (page) => page && { ...page, items: edit(page.items) });
}

export const rereadProject = (id: string) =>
  Promise.all(
    [destinationsQuery(id), projectQuery(id), statusQuery(id)].map(({ queryKey }) =>
      queryClient.invalidateQueries({ queryKey }),
    ),
  );
