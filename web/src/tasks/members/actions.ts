/** What people do to who is in a project: invite, revoke, rank, remove, leave. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import type { Page, Schemas } from "@/api/types";
import { toast } from "@/ui/toasts";
import { membersQuery, PROJECTS, type Project, type ProjectMember } from "../projects/queries";
import { RANK_WORDS, WITH_ARTICLE, type MemberRank } from "../projects/ranks";
import { invitationsQuery, type Invitation } from "./queries";

/** An account that is gone has no name any more. */
export const nameOf = ({ name }: Pick<ProjectMember, "name">) => (name === "" ? "Somebody" : name);

/** Changes a list of the cache at once; what is returned puts it back. */
function at<T>(queryKey: readonly unknown[], change: (items: T[]) => T[]): () => void {
  void queryClient.cancelQueries({ queryKey });
  const before = queryClient.getQueryData<Page<T>>(queryKey);
  if (before) queryClient.setQueryData(queryKey, { ...before, items: change(before.items) });
  return () => {
    if (before) queryClient.setQueryData(queryKey, before);
  };
}

const reread = () => queryClient.invalidateQueries({ queryKey: PROJECTS });

/** Gives a member another rank at once; it can be taken back. */
export async function rankMember(
  { id }: Project,
  member: ProjectMember,
  rank: MemberRank,
): Promise<void> {
  const { user_id, rank: before } = member;
  const back = at<ProjectMember>(membersQuery(id).queryKey, (items) =>
    items.map((each) => (each.user_id === user_id ? { ...each, rank } : each)),
  );
  try {
    await http.patch(`/projects/${id}/members/${user_id}`, { rank });
  } catch (error) {
    back();
    const text = `${nameOf(member)} is still ${WITH_ARTICLE[before]}. ${sentenceOf(error)}`;
    toast({ tone: "trouble", text });
  } finally {
    void reread();
  }
}

/** Throws what the server has against it, for the dialog that asked. */
export async function removeMember({ id, name }: Project, member: ProjectMember): Promise<void> {
  await http.delete(`/projects/${id}/members/${member.user_id}`);
  await reread();
  toast({ text: `${nameOf(member)} isn't in “${name}” any more.` });
}

export async function leaveProject({ id, name }: Project, userId: string): Promise<void> {
  await http.delete(`/projects/${id}/members/${userId}`);
  toast({ text: `You have left “${name}”.` });
}

export async function invite(
  { id }: Project,
  form: Schemas["InvitationForm"],
): Promise<Schemas["NewInvitation"]> {
  const made = await http.post<Schemas["NewInvitation"]>(`/projects/${id}/invitations`, form);
  await queryClient.invalidateQueries({ queryKey: invitationsQuery(id).queryKey });
  return made;
}

/** What an invitation is called in a sentence. */
export const invitationName = ({ email, rank }: Invitation) =>
  email === null ? `The link for ${RANK_WORDS[rank].toLowerCase()}s` : `The invitation of ${email}`;

/** Gone from the list at once; back with a reason where the server refuses. */
export async function revoke({ id }: Project, invitation: Invitation): Promise<void> {
  const back = at<Invitation>(invitationsQuery(id).queryKey, (items) =>
    items.filter((each) => each.id !== invitation.id),
  );
  const name = invitationName(invitation);
  try {
    await http.delete(`/projects/${id}/invitations/${invitation.id}`);
    toast({ text: `${name} lets nobody in any more.` });
  } catch (error) {
    back();
    toast({ tone: "trouble", text: `${name} still counts. ${sentenceOf(error)}` });
  } finally {
    void queryClient.invalidateQueries({ queryKey: invitationsQuery(id).queryKey });
  }
}
