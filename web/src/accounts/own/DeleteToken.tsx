/** Deleting a token: whatever uses it stops, and it can't be brought back, so it asks. */
import { queryClient } from "@/api/client";
import type { ApiToken } from "../types";
import { http } from "@/api/http";
import { tokensQuery } from "./queries";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { toast } from "@/ui/toasts";

export function DeleteToken({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const confirm = async () => {
    await http.delete(`/users/me/tokens/${token.id}`);
    onClose();
    toast({ text: `The token “${token.name}” is deleted.` });
    await queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey });
  };
  return (
    <ConfirmDialog
      title={`Delete “${token.name}”?`}
      send="Delete the token"
      sending="Deleting…"
      look="trouble"
      confirm={confirm}
      onClose={onClose}
    >
      Whatever uses this token stops working at once. It can't be brought back.
    </ConfirmDialog>
  );
}
