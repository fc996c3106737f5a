/** Deleting a token: whatever uses it stops, and it can't be brought back, so it asks. */
import { queryClient } from "@/api/client";
import type { ApiToken } from "@/api/types";
import { http } from "@/api/http";
import { tokensQuery } from "@/api/securityQueries";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/toasts";
import { useSubmit } from "@/ui/useSubmit";

export function DeleteToken({ token, onClose }: { token: ApiToken; onClose: () => void }) {
  const form = useSubmit(async () => {
    await http.delete(`/users/me/tokens/${token.id}`);
    onClose();
    toast({ text: `The token “${token.name}” is deleted.` });
    await queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey });
  }, []);
  return (
    <Dialog title={`Delete “${token.name}”?`} onClose={onClose}>
      <p>Whatever uses this token stops working at once. It can't be brought back.</p>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className="form-actions" onSubmit={form.submit}>
        <Button type="submit" look="trouble" disabled={form.pending}>
          {form.pending ? "Deleting…" : "Delete the token"}
        </Button>
        <Button look="bare" onClick={onClose}>
          Keep it
        </Button>
      </form>
    </Dialog>
  );
}
