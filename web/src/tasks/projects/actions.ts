/** What people do to projects: deletions and archiving can be taken back. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import { reread } from "../cache";
import { projectQuery, PROJECTS, type Colour, type Project } from "./queries";

export interface ProjectDraft {
  name: string;
  colour: Colour;
  description: string;
}

async function refresh(): Promise<void> {
  await Promise.all([queryClient.invalidateQueries({ queryKey: PROJECTS }), reread(true)]);
}

/** Throws what the server has against it, for the form that asked. */
export async function makeProject(draft: ProjectDraft): Promise<Project> {
  const project = await http.post<Project>("/projects", draft);
  queryClient.setQueryData(projectQuery(project.id).queryKey, project);
  await queryClient.invalidateQueries({ queryKey: PROJECTS });
  return project;
}

/** The same; only if nobody has changed the project since it was shown. */
export async function editProject(project: Project, draft: ProjectDraft): Promise<void> {
  await http.patch<Project>(`/projects/${project.id}`, draft, { ifVersion: project.version });
  await refresh();
}

async function tried(what: string, run: () => Promise<unknown>): Promise<boolean> {
  try {
    await run();
  } catch (error) {
    toast({ tone: "trouble", text: `${what} ${sentenceOf(error)}` });
    return false;
  } finally {
    void refresh();
  }
  return true;
}

/** Into the archive, where all of it is still read, or out of it. */
export async function archiveProject(project: Project, archived: boolean): Promise<void> {
  const { id, name } = project;
  const change = () => http.patch<Project>(`/projects/${id}`, { archived });
  if (!(await tried(`“${name}” is as it was.`, change))) return;
  toast({
    text: archived ? `“${name}” is in the archive.` : `“${name}” is open again.`,
    action: { label: "Undo", run: () => void archiveProject(project, !archived) },
  });
}

export async function restoreProject({ id, name }: Project): Promise<void> {
  const back = () => http.post(`/projects/${id}/restore`);
  if (await tried(`“${name}” is still in the trash.`, back)) toast({ text: `“${name}” is back.` });
}

/** Into the trash, with all that is in it. */
export async function deleteProject(project: Project): Promise<boolean> {
  const { id, name } = project;
  if (!(await tried(`“${name}” is still there.`, () => http.delete(`/projects/${id}`)))) return false;
  toast({
    text: `Deleted “${name}” and all that is in it.`,
    action: { label: "Undo", run: () => void restoreProject(project) },
  });
  return true;
}
