/** A track's details, to mend what its file says wrongly. */
import { editTrack } from "../actions";
import type { Track } from "../types";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { changesOf, TEXT_FIELDS, NUMBER_FIELDS } from "./changes";
import styles from "./edit-dialog.module.css";

interface Props {
  track: Track;
  onClose: () => void;
}

const LONGEST_TEXT = 500;

export function EditDialog({ track, onClose }: Props) {
  const form = useSubmit(
    async (values) => {
      const changes = changesOf(track, values);
      if (Object.keys(changes).length > 0) await editTrack(track.id, changes);
      onClose();
    },
    [...TEXT_FIELDS, ...NUMBER_FIELDS].map(({ name }) => name),
  );
  return (
    <Dialog title="Edit track" onClose={onClose}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={styles.edit} onSubmit={form.submit}>
        {TEXT_FIELDS.map(({ name, label }) => (
          <Field
            key={name}
            name={name}
            label={label}
            defaultValue={track[name]}
            required={name === "title"}
            maxLength={LONGEST_TEXT}
            autoComplete="off"
            fault={form.fault(name)}
          />
        ))}
        <div className={styles.editNumbers}>
          {NUMBER_FIELDS.map(({ name, label, most }) => (
            <Field
              key={name}
              name={name}
              label={label}
              type="number"
              inputMode="numeric"
              min={1}
              max={most}
              defaultValue={track[name] ?? ""}
              fault={form.fault(name)}
            />
          ))}
        </div>
        <DialogActions form={form} send="Save" sending="Saving…" onClose={onClose} />
      </form>
    </Dialog>
  );
}
