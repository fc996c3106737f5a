/** A project's settings: its name, how long destinations wait for an encoder that is gone, and whether
 *  its preview is made in smaller sizes. */
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import field from "@/ui/field.module.css";
import { Notice } from "@/ui/Notice";
import { Select } from "@/ui/Select";
import { useSubmit } from "@/ui/useSubmit";
import { LONGEST_NAME } from "../list/NewProject";
import { changeProject } from "../projects";
import type { LiveProject } from "../types";

const HOLDS = [
  { value: "0", name: "Not at all" },
  { value: "10", name: "10 seconds" },
  { value: "30", name: "30 seconds" },
  { value: "60", name: "A minute" },
  { value: "300", name: "5 minutes" },
  { value: "600", name: "10 minutes" },
];

const holdsWith = (hold_s: number) =>
  HOLDS.some(({ value }) => value === String(hold_s))
    ? HOLDS
    : [{ value: String(hold_s), name: `${hold_s} seconds` }, ...HOLDS];

export function EditProject({ project, onClose }: { project: LiveProject; onClose: () => void }) {
  const form = useSubmit(
    async ({ name = "", hold = "", ladder }) => {
      await changeProject(project, {
        name: name.trim(),
        hold_s: Number(hold),
        ladder: ladder !== undefined,
      });
      onClose();
    },
    ["name"],
  );
  return (
    <Dialog title="Settings of the project" onClose={onClose}>
      <form className={field.form} onSubmit={form.submit}>
        <Field
          label="Name"
          name="name"
          autoComplete="off"
          required
          maxLength={LONGEST_NAME}
          defaultValue={project.name}
          fault={form.fault("name")}
        />
        <Select
          label="When the encoder drops out, hold the destinations for"
          name="hold"
          options={holdsWith(project.hold_s)}
          defaultValue={String(project.hold_s)}
        />
        <p className="quiet">
          If it is back by then, the show goes on where it was, and viewers only see a pause.
        </p>
        <label className={field.tick}>
          <input type="checkbox" name="ladder" defaultChecked={project.ladder} />
          Make the preview in smaller sizes, too
        </label>
        <p className="quiet">
          Slow connections get 720p, 480p or 360p by themselves. It takes about a processor core of
          the server while somebody watches. Destinations get what your encoder sends, as before.
        </p>
        {form.summary !== null && <Notice>{form.summary}</Notice>}
        <DialogActions form={form} send="Save" sending="Saving…" onClose={onClose} />
      </form>
    </Dialog>
  );
}
