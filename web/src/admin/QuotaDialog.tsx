/** How much one account may store. */
import type { User } from "@/api/types";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { bytes } from "@/ui/format";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { changeUser } from "./users";
import field from "@/ui/field.module.css";

const GB = 1_000_000_000;

export function QuotaDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const form = useSubmit(
    async ({ quota = "" }) => {
      await changeUser(user, { quota_bytes: Math.round(Number(quota) * GB) });
      onClose();
    },
    ["quota_bytes"],
  );
  return (
    <Dialog title={`Quota of ${user.name}`} onClose={onClose}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={field.form} onSubmit={form.submit}>
        <Field
          label="Storage in GB"
          name="quota"
          type="number"
          min={0}
          step="any"
          required
          defaultValue={user.storage.quota_bytes / GB}
          hint={`${bytes(user.storage.used_bytes)} are used now.`}
          fault={form.fault("quota_bytes")}
        />
        <DialogActions form={form} send="Save" sending="Saving…" onClose={onClose} />
      </form>
    </Dialog>
  );
}
