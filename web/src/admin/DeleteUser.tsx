/** Deleting someone's account: no undo, so it asks. */
import type { User } from "@/api/types";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { toast } from "@/ui/toasts";
import { deleteUser } from "./users";

export function DeleteUser({ user, onClose }: { user: User; onClose: () => void }) {
  const confirm = async () => {
    await deleteUser(user);
    toast({ text: `${user.name}’s account is deleted.` });
    onClose();
  };
  return (
    <ConfirmDialog
      title={`Delete ${user.name}?`}
      send="Delete the account"
      sending="Deleting…"
      look="trouble"
      confirm={confirm}
      onClose={onClose}
    >
      The account {user.email} and all of its music are deleted for good. To keep the music but
      not the visits, lock the account out instead.
    </ConfirmDialog>
  );
}
