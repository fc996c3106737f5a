/** Changing a destination: its name, its server, perhaps a new key. */
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { editDestination } from "../destinations";
import { LONGEST_NAME } from "../list/NewProject";
import type { Destination } from "../types";
import { KeyField } from "./KeyField";
import styles from "./add-destination.module.css";

interface Props {
  destination: Destination;
  onClose: () => void;
}

export function EditDestination({ destination, onClose }: Props) {
  const form = useSubmit(
    async ({ name = "", url = "", stream_key = "" }) => {
      const key = stream_key.trim();
      await editDestination(destination, {
        name: name.trim(),
        url: url.trim(),
        ...(key === "" ? {} : { stream_key: key }),
      });
      onClose();
    },
    ["name", "url", "stream_key"],
  );
  return (
    <Dialog title={`Change ${destination.name}`} onClose={onClose}>
      <form className={styles.fields} onSubmit={form.submit}>
        <Field
          label="Name"
          name="name"
          autoComplete="off"
          required
          maxLength={LONGEST_NAME}
          defaultValue={destination.name}
          fault={form.fault("name")}
        />
        <Field
          label="Server"
          name="url"
          type="url"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          required
          defaultValue={destination.url}
          fault={form.fault("url")}
        />
        <KeyField
          hint="Leave it empty, and the present key stays. It can’t be shown."
          fault={form.fault("stream_key")}
        />
        {form.summary !== null && <Notice>{form.summary}</Notice>}
        <DialogActions form={form} send="Save" sending="Saving…" onClose={onClose} />
      </form>
    </Dialog>
  );
}
