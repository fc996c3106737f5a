/** A project's name, colour and description: for a new one, or to change one. */
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { editProject, makeProject } from "./actions";
import { Colours } from "./Colours";
import type { Colour, Project } from "./queries";
import styles from "./project-dialog.module.css";

const LONGEST_NAME = 100;
const LONGEST_DESCRIPTION = 10_000;

interface Props {
  project?: Project;
  onClose: () => void;
  onMade?: (project: Project) => void;
}

export function ProjectDialog({ project, onClose, onMade }: Props) {
  const form = useSubmit(
    async ({ name = "", colour = "green", description = "" }) => {
      const draft = { name: name.trim(), colour: colour as Colour, description };
      if (project) await editProject(project, draft);
      else onMade?.(await makeProject(draft));
      onClose();
    },
    ["name", "description"],
  );
  return (
    <Dialog title={project ? "Edit project" : "New project"} onClose={onClose}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={styles.form} onSubmit={form.submit}>
        <Field
          name="name"
          label="Name"
          defaultValue={project?.name}
          placeholder="Spring tour"
          required
          maxLength={LONGEST_NAME}
          autoComplete="off"
          fault={form.fault("name")}
        />
        <Colours chosen={project?.colour ?? "green"} />
        <label className={styles.words}>
          <span>What it is about</span>
          <textarea
            name="description"
            rows={3}
            maxLength={LONGEST_DESCRIPTION}
            defaultValue={project?.description}
          />
        </label>
        <DialogActions
          form={form}
          send={project ? "Save" : "Make project"}
          sending={project ? "Saving…" : "Making…"}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}
