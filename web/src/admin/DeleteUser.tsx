/** Deleting someone's account: no undo, so it asks. */
import type { User } from "@/api/types";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/toasts";
import { useSubmit } from "@/ui/useSubmit";
import { deleteUser } from "./users";

export function DeleteUser({ user, onClose }: { user: User; onClose: () => void }) {
  const form = useSubmit(async () => {
    await deleteUser(user);
    toast({ text: `${user.name}’s account is deleted.` });
    onClose();
  }, []);
  return (
    <Dialog title={`Delete ${user.name}?`} onClose={onClose}>
      <p>
        The account {user.email} and all of its music are deleted for good. To keep the music but
        not the visits, lock the account out instead.
      </p>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className="form-actions" onSubmit={form.submit}>
        <Button type="submit" look="trouble" disabled={form.pending}>
          {form.pending ? "Deleting…" : "Delete the account"}
        </Button>
        <Button look="bare" onClick={onClose}>
          Keep it
        </Button>
      </form>
    </Dialog>
  );
}
