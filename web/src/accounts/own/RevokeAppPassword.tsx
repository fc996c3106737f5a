/** Revoking an app password: the app that has it is shut out, for good, so it asks. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { toast } from "@/ui/toasts";
import type { AppPassword } from "../types";
import { appPasswordsQuery } from "./queries";

export function RevokeAppPassword({
  password,
  onClose,
}: {
  password: AppPassword;
  onClose: () => void;
}) {
  const confirm = async () => {
    await http.delete(`/users/me/app-passwords/${password.id}`);
    onClose();
    toast({ text: `The app password “${password.name}” is revoked.` });
    await queryClient.invalidateQueries({ queryKey: appPasswordsQuery.queryKey });
  };
  return (
    <ConfirmDialog
      title={`Revoke “${password.name}”?`}
      send="Revoke the app password"
      sending="Revoking…"
      look="trouble"
      confirm={confirm}
      onClose={onClose}
    >
      The app that has it is shut out at once. It can't be brought back; a new one can be made.
    </ConfirmDialog>
  );
}
