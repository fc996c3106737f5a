/** A new live project: it only needs a name. */
import { useNavigate } from "@tanstack/react-router";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import field from "@/ui/field.module.css";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { createProject } from "../projects";

export const LONGEST_NAME = 100;

export function NewProject({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const form = useSubmit(
    async ({ name = "" }) => {
      const { id } = await createProject(name.trim());
      onClose();
      await navigate({ to: "/live/$projectId", params: { projectId: id } });
    },
    ["name"],
  );
  return (
    <Dialog title="New live project" onClose={onClose}>
      <form className={field.form} onSubmit={form.submit}>
        <Field
          label="Name"
          name="name"
          autoComplete="off"
          required
          maxLength={LONGEST_NAME}
          hint="A show or a series of them: “Friday rehearsal”. It has a stream key of its own."
          fault={form.fault("name")}
        />
        {form.summary !== null && <Notice>{form.summary}</Notice>}
        <DialogActions form={form} send="Make it" sending="Making it…" onClose={onClose} />
      </form>
    </Dialog>
  );
}
