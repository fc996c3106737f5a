/** A link that exists, changed: more time, other words, downloads or none. */
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import type { Share } from "../types";
import { changeShare } from "./actions";
import { daysOf } from "./ends";
import { ShareFields } from "./ShareFields";
import styles from "./shares.module.css";

export function EditShareDialog({ share, onClose }: { share: Share; onClose: () => void }) {
  const form = useSubmit(
    async ({ end = "keep", description = "", may_download }) => {
      await changeShare(share, {
        description,
        may_download: may_download === "on",
        ...(end === "keep" ? {} : { expires_in_days: daysOf(end) }),
      });
      onClose();
    },
    ["description"],
  );
  return (
    <Dialog title="Change the link" onClose={onClose}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={styles.form} onSubmit={form.submit}>
        <ShareFields form={form} share={share} />
        <DialogActions form={form} send="Save" sending="Saving…" onClose={onClose} />
      </form>
    </Dialog>
  );
}
