/** What people do to projects and their shows. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import { addProject, dropProject, keepProject, reread, rereadProject } from "./cache";
import { statusesQuery } from "./queries";
import type { LiveProject, ShownKey } from "./types";

/** Throws what the server has against it, for the form that asked. */
export async function createProject(name: string): Promise<LiveProject> {
  const { id } = await http.post<LiveProject>("/live/projects", { name });
  // Read by itself: the answer has the stream key in it, which isn't for keeping.
  const project = await http.get<LiveProject>(`/live/projects/${id}`);
  addProject(project);
  void queryClient.invalidateQueries({ queryKey: statusesQuery.queryKey });
  return project;
}

export async function changeProject(
  project: LiveProject,
  patch: { name: string; hold_s: number; ladder: boolean },
): Promise<void> {
  const { id, version } = project;
  keepProject(await http.patch<LiveProject>(`/live/projects/${id}`, patch, { ifVersion: version }));
}

async function bringBack(project: LiveProject): Promise<void> {
  try {
    await http.post<LiveProject>(`/live/projects/${project.id}/restore`);
  } catch (error) {
    toast({ tone: "trouble", text: `“${project.name}” couldn't be restored. ${sentenceOf(error)}` });
  }
  await reread();
}

export async function deleteProject(project: LiveProject): Promise<void> {
  dropProject(project.id);
  try {
    await http.delete(`/live/projects/${project.id}`);
  } catch (error) {
    toast({ tone: "trouble", text: `“${project.name}” is still there. ${sentenceOf(error)}` });
    await reread();
    return;
  }
  toast({
    text: `Deleted “${project.name}”.`,
    action: { label: "Undo", run: () => void bringBack(project) },
  });
}

/** Throws what went wrong: the dialog that asked tells it. */
export async function stopShow(id: string): Promise<void> {
  keepProject(await http.post<LiveProject>(`/live/projects/${id}/stop`));
  await rereadProject(id);
}

export async function reopen(id: string): Promise<void> {
  try {
    keepProject(await http.post<LiveProject>(`/live/projects/${id}/reopen`));
  } catch (error) {
    toast({ tone: "trouble", text: `It is still closed. ${sentenceOf(error)}` });
  }
  await rereadProject(id);
}

const keyOf = async (id: string, what: "" | "/show") =>
  (await http.post<ShownKey>(`/live/projects/${id}/stream-key${what}`)).stream_key;

export const showKey = (id: string) => keyOf(id, "/show");

/** The old one opens nothing any more, and ends what came by it. */
export const renewKey = (id: string) => keyOf(id, "");
