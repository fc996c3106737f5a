/** A task's details in one form, from the list. */
import { useState } from "react";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { Select } from "@/ui/Select";
import { useSubmit } from "@/ui/useSubmit";
import { editTask } from "./actions";
import { fieldsOf, labelsOf, timeOf } from "./dueFields";
import { NONE, useAssigneeChoices, useProjectChoices } from "./projects/usePlaces";
import type { Priority, Status, TaskItem, TaskPatch } from "./types";
import { PRIORITY_CHOICES, STATUS_CHOICES } from "./words";
import styles from "./edit-dialog.module.css";

const LONGEST_TITLE = 500;

/** A field that names a thing or none, if it was there to be chosen and differs. */
function changed(field: "project_id" | "assignee_id", chosen: string | undefined, was: string | null) {
  const next = chosen === NONE ? null : chosen;
  return next === undefined || next === was ? {} : { [field]: next };
}

/** Only the fields that differ. */
function changesOf(task: TaskItem, values: Readonly<Record<string, string>>): TaskPatch {
  const title = (values.title ?? "").trim();
  const labels = labelsOf(values.labels ?? "");
  const due_at = timeOf(values.day ?? "", values.clock ?? "");
  const { day, clock } = fieldsOf(task.due_at);
  return {
    ...(title === task.title ? {} : { title }),
    ...(labels.join() === task.labels.join() ? {} : { labels }),
    ...(values.status === task.status ? {} : { status: values.status as Status }),
    ...(values.priority === task.priority ? {} : { priority: values.priority as Priority }),
    ...(values.day === day && values.clock === clock ? {} : { due_at }),
    ...changed("project_id", values.project, task.project_id),
    ...changed("assignee_id", values.assignee, task.assignee_id),
  };
}

export function EditDialog({ task, onClose }: { task: TaskItem; onClose: () => void }) {
  const form = useSubmit(
    async (values) => {
      const changes = changesOf(task, values);
      if (Object.keys(changes).length > 0) await editTask(task.id, changes);
      onClose();
    },
    ["title", "labels"],
  );
  const { day, clock } = fieldsOf(task.due_at);
  const [projectId, setProjectId] = useState(task.project_id);
  const projects = useProjectChoices(task);
  const people = useAssigneeChoices(projectId);
  return (
    <Dialog title="Edit task" onClose={onClose}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={styles.edit} onSubmit={form.submit}>
        <Field
          name="title"
          label="Title"
          defaultValue={task.title}
          required
          maxLength={LONGEST_TITLE}
          autoComplete="off"
          fault={form.fault("title")}
        />
        <div className={styles.pair}>
          <Select name="status" label="Status" options={STATUS_CHOICES} defaultValue={task.status} />
          <Select
            name="priority"
            label="Priority"
            options={PRIORITY_CHOICES}
            defaultValue={task.priority}
          />
          <Field name="day" label="Due" type="date" defaultValue={day} max="9998-12-31" />
          <Field name="clock" label="At" type="time" defaultValue={clock} />
          {projects.length > 1 && (
            <Select
              name="project"
              label="Project"
              options={projects}
              value={projectId ?? NONE}
              onChange={({ target }) => setProjectId(target.value === NONE ? null : target.value)}
            />
          )}
          {projectId !== null && (
            <Select
              // Anew with each project, and when its members have come.
              key={`${projectId} ${people.length}`}
              name="assignee"
              label="For"
              options={people}
              defaultValue={projectId === task.project_id ? (task.assignee_id ?? NONE) : NONE}
            />
          )}
        </div>
        <Field
          name="labels"
          label="Labels"
          defaultValue={task.labels.join(" ")}
          hint="Words, with spaces between them."
          autoComplete="off"
          fault={form.fault("labels")}
        />
        <DialogActions form={form} send="Save" sending="Saving…" onClose={onClose} />
      </form>
    </Dialog>
  );
}
