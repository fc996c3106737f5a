/** What people do about each other: follow, remove, block; and whether they are found. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { toast } from "@/ui/toasts";
import { FEED, PEOPLE, profileQuery, type Profile } from "./queries";

interface Named {
  id: string;
  name: string;
}

const none = undefined;

export const nameOf = ({ name }: { name: string }) => (name === "" ? "Somebody" : name);

async function reread(): Promise<void> {
  await Promise.all([
    queryClient.invalidateQueries({ queryKey: PEOPLE }),
    queryClient.invalidateQueries({ queryKey: FEED }),
  ]);
}

/** Does it and reads again; says why it wasn't done. Whether it was. */
async function attempt(act: () => Promise<unknown>, failed: string): Promise<boolean> {
  try {
    await act();
  } catch (error) {
    toast({ tone: "trouble", text: `${failed} ${sentenceOf(error)}` });
    await reread();
    return false;
  }
  await reread();
  return true;
}

export const setFollowed = (person: Named, followed: boolean): Promise<boolean> => {
  const path = `/users/${person.id}/follow`;
  return followed
    ? attempt(() => http.put<undefined>(path, none), `You don’t follow ${nameOf(person)}.`)
    : attempt(() => http.delete(path), `You still follow ${nameOf(person)}.`);
};

export async function removeFollower(person: Named): Promise<void> {
  const path = `/audio/followers/${person.id}`;
  if (await attempt(() => http.delete(path), `${nameOf(person)} still follows you.`)) {
    toast({ text: `${nameOf(person)} doesn’t follow you any more.` });
  }
}

export async function setBlocked(person: Named, blocked: boolean): Promise<void> {
  const path = `/audio/blocked/${person.id}`;
  if (!blocked) {
    await attempt(() => http.delete(path), `${nameOf(person)} stays blocked.`);
    return;
  }
  const done = await attempt(
    () => http.put<undefined>(path, none),
    `${nameOf(person)} isn’t blocked.`,
  );
  if (!done) return;
  toast({
    text: `${nameOf(person)} can’t find or follow you any more.`,
    action: { label: "Undo", run: () => void setBlocked(person, false) },
  });
}

export async function setPublic(is_public: boolean): Promise<void> {
  const { queryKey } = profileQuery;
  const before = queryClient.getQueryData<Profile>(queryKey);
  if (before) queryClient.setQueryData<Profile>(queryKey, { ...before, is_public });
  await attempt(
    () => http.patch<Profile>("/audio/profile", { is_public }),
    is_public ? "You still aren’t found." : "You are still found.",
  );
}
