/** What people do to destinations: each answers at once on the page and rolls back with a reason. */
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { inTurn } from "@/api/turns";
import { toast } from "@/ui/toasts";
import { editDestinations, rereadProject } from "./cache";
import type { Destination, DestinationForm, DestinationPatch } from "./types";

const at = (projectId: string) => `/live/projects/${projectId}/destinations`;

const put = (made: Destination) =>
  editDestinations(made.project_id, (items) => [
    ...items.filter(({ id }) => id !== made.id),
    made,
  ]);

const keep = (changed: Destination) =>
  editDestinations(changed.project_id, (items) =>
    items.map((each) => (each.id === changed.id ? changed : each)),
  );

/** Throws what the server has against it, for the form that asked. */
export async function addDestination(projectId: string, form: DestinationForm): Promise<void> {
  put(await http.post<Destination>(at(projectId), form));
  await rereadProject(projectId);
}

/** The same; a key that isn't said stays. */
export async function editDestination(
  destination: Destination,
  patch: DestinationPatch,
): Promise<void> {
  const { id, project_id, version } = destination;
  keep(
    await http.patch<Destination>(`${at(project_id)}/${id}`, patch, { ifVersion: version }),
  );
  await rereadProject(project_id);
}

export async function turn(destination: Destination, enabled: boolean): Promise<void> {
  const { id, project_id, name } = destination;
  keep({ ...destination, enabled });
  try {
    // One after the other: of two at once the server may take the first one last.
    const send = () => http.patch<Destination>(`${at(project_id)}/${id}`, { enabled });
    keep(await inTurn(`destination:${id}`, send));
  } catch (error) {
    keep(destination);
    const still = enabled ? "off" : "on";
    toast({ tone: "trouble", text: `“${name}” is still ${still}. ${sentenceOf(error)}` });
  }
  await rereadProject(project_id);
}

export async function retry(destination: Destination): Promise<void> {
  const { id, project_id, name } = destination;
  try {
    await http.post<Destination>(`${at(project_id)}/${id}/retry`);
  } catch (error) {
    toast({ tone: "trouble", text: `“${name}” isn't tried again. ${sentenceOf(error)}` });
  }
  await rereadProject(project_id);
}

async function bringBack({ id, project_id, name }: Destination): Promise<void> {
  try {
    put(await http.post<Destination>(`${at(project_id)}/${id}/restore`));
  } catch (error) {
    toast({ tone: "trouble", text: `“${name}” couldn't be restored. ${sentenceOf(error)}` });
  }
  await rereadProject(project_id);
}

export async function remove(destination: Destination): Promise<void> {
  const { id, project_id, name } = destination;
  editDestinations(project_id, (items) => items.filter((each) => each.id !== id));
  try {
    await http.delete(`${at(project_id)}/${id}`);
  } catch (error) {
    toast({ tone: "trouble", text: `“${name}” is still there. ${sentenceOf(error)}` });
    await rereadProject(project_id);
    return;
  }
  toast({
    text: `Removed “${name}”.`,
    action: { label: "Undo", run: () => void bringBack(destination) },
  });
  await rereadProject(project_id);
}
