/** Signing out everywhere else. Several devices at once: it asks. */
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { toast } from "@/ui/toasts";
import { endOthers } from "./sessions";

export function EndOthers({ count, onClose }: { count: number; onClose: () => void }) {
  const confirm = async () => {
    await endOthers();
    onClose();
    toast({ text: "You are signed out everywhere else." });
  };
  return (
    <ConfirmDialog
      title="Sign out everywhere else"
      send="Sign out the others"
      sending="Signing out…"
      confirm={confirm}
      onClose={onClose}
    >
      {count === 1 ? "The other device" : `The ${count} other devices`} will have to sign in again.
      This one stays signed in, and API tokens go on working.
    </ConfirmDialog>
  );
}
