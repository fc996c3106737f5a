/** Turning the second factor off, against the password and a code. */
import { queryClient } from "@/api/client";
import type { User } from "@/api/types";
import { http } from "@/api/http";
import { meQuery } from "@/api/queries";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/toasts";
import { useSubmit } from "@/ui/useSubmit";
import { CodeField, PasswordField } from "./fields";
import field from "@/ui/field.module.css";

export function TurnOffTotp({ me, onClose }: { me: User; onClose: () => void }) {
  const form = useSubmit(
    async ({ password = "", code = "" }) => {
      await http.post("/users/me/totp/disable", { password, code: code.trim() });
      onClose();
      await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
      toast({ text: "The second factor is off. Your password alone opens your account." });
    },
    ["password", "code"],
  );
  return (
    <Dialog title="Turn the second factor off" onClose={onClose}>
      <p>Your password alone will open your account again, and your recovery codes are deleted.</p>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={field.form} onSubmit={form.submit}>
        <PasswordField me={me} form={form} />
        <CodeField form={form} letters hint="Of the app, or one of your recovery codes." />
        <DialogActions
          form={form}
          send="Turn it off"
          sending="Turning it off…"
          look="trouble"
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
