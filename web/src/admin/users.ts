/** What an administrator does to accounts. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import type { User } from "@/api/types";
import type { UserChange } from "./types";
import { toast } from "@/ui/toasts";

const reread = () => queryClient.invalidateQueries({ queryKey: ["admin", "users"] });

export async function changeUser(user: User, change: UserChange): Promise<void> {
  await http.patch<User>(`/admin/users/${user.id}`, change);
  await reread();
}

/** The same from a menu, where there is no form to show the reason in. */
export async function tryChangeUser(user: User, change: UserChange): Promise<void> {
  try {
    await changeUser(user, change);
  } catch (error) {
    toast({ tone: "trouble", text: `${user.name} isn't changed. ${sentenceOf(error)}` });
  }
}

export async function deleteUser(user: User): Promise<void> {
  await http.delete(`/admin/users/${user.id}`);
  await reread();
}
