/** The invitations to a project, which its owner sees; they lie under what live events reach. */
import { queryOptions } from "@tanstack/react-query";
import { http } from "@/api/http";
import type { Page, Schemas } from "@/api/types";
import { PROJECTS } from "../projects/queries";

export type Invitation = Schemas["Invitation"];

export const invitationsQuery = (projectId: string) =>
  queryOptions({
    queryKey: [...PROJECTS, projectId, "invitations"],
    queryFn: ({ signal }) =>
      http.get<Page<Invitation>>(`/projects/${projectId}/invitations`, { signal }),
  });
