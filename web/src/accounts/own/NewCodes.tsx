/** A new set of recovery codes, after which the old ones are worthless. */
import { useState } from "react";
import type { RecoveryCodes } from "../types";
import type { User } from "@/api/types";
import { http } from "@/api/http";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { CodeField, PasswordField } from "./fields";
import { KeepCodes } from "./KeepCodes";
import field from "@/ui/field.module.css";

export function NewCodes({ me, onClose }: { me: User; onClose: () => void }) {
  const [codes, setCodes] = useState<string[] | null>(null);
  const form = useSubmit(
    async ({ password = "", code = "" }) => {
      const body = { password, code: code.trim() };
      const answer = await http.post<RecoveryCodes>("/users/me/totp/recovery-codes", body);
      setCodes(answer.recovery_codes);
    },
    ["password", "code"],
  );
  if (codes !== null) return <KeepCodes codes={codes} onDone={onClose} />;
  return (
    <Dialog title="New recovery codes" onClose={onClose}>
      <p>You get ten new ones. The old ones stop working at once.</p>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={field.form} onSubmit={form.submit}>
        <PasswordField me={me} form={form} />
        <CodeField form={form} letters hint="Of the app, or one of your recovery codes." />
        <DialogActions form={form} send="Make new codes" sending="Making them…" onClose={onClose} />
      </form>
    </Dialog>
  );
}
