/** A dialog that only asks: nothing to fill in, one button that does it and one that leaves. */
import type { ReactNode } from "react";
import { Dialog } from "./Dialog";
import { DialogActions, type Actions } from "./DialogActions";
import { Notice } from "./Notice";
import { useSubmit } from "./useSubmit";

interface Props extends Actions {
  title: string;
  /** What will happen. */
  children: ReactNode;
  /** Does it and closes the dialog; a problem that it throws is shown here. */
  confirm: () => Promise<void>;
}

export function ConfirmDialog({ title, children, confirm, ...actions }: Props) {
  const form = useSubmit(confirm, []);
  return (
    <Dialog title={title} onClose={actions.onClose}>
      <p>{children}</p>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form onSubmit={form.submit}>
        <DialogActions form={form} {...actions} />
      </form>
    </Dialog>
  );
}
