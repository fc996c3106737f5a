/** Title and description, edited where they stand. What others have changed meanwhile isn't lost. */
import { useState } from "react";
import { Button } from "@/ui/Button";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { Problem } from "@/api/problem";
import { readTaskAgain, saveWords } from "../actions";
import type { Task, TaskPatch } from "../types";
import styles from "./task-page.module.css";

const LONGEST_TITLE = 500;
const LONGEST_DESCRIPTION = 50_000;
const CHANGED = 412;

export function WordsForm({ task, onClose }: { task: Task; onClose: () => void }) {
  // What one began with: the task on the page may move on meanwhile.
  const [base] = useState(task);
  const [newer, setNewer] = useState<Task | null>(null);
  const form = useSubmit(
    async (values) => {
      const [title, description] = [(values.title ?? "").trim(), values.description ?? ""];
      const patch: TaskPatch = {
        ...(title === base.title ? {} : { title }),
        // A form sends lines as \r\n.
        ...(description.replaceAll("\r\n", "\n") === base.description
          ? {}
          : { description: description.replaceAll("\r\n", "\n") }),
      };
      try {
        if (Object.keys(patch).length > 0) {
          await saveWords(base.id, patch, (newer ?? base).version);
        }
        onClose();
      } catch (error) {
        if (!(error instanceof Problem && error.status === CHANGED)) throw error;
        setNewer(await readTaskAgain(base.id));
      }
    },
    ["title", "description"],
  );
  return (
    <form className={styles.form} onSubmit={form.submit}>
      {newer && (
        <Notice
          title="This task has changed meanwhile"
          action={
            <Button small onClick={onClose}>
              Take the other one
            </Button>
          }
        >
          Somebody, or you in another window, has saved “{newer.title}”. Save again to put your words
          in its place, or take the other one and leave yours.
        </Notice>
      )}
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <Field
        name="title"
        label="Title"
        defaultValue={base.title}
        required
        maxLength={LONGEST_TITLE}
        autoComplete="off"
        fault={form.fault("title")}
      />
      <label className={styles.area}>
        Description
        <textarea
          name="description"
          rows={10}
          maxLength={LONGEST_DESCRIPTION}
          defaultValue={base.description}
        />
      </label>
      <p className="quiet">
        Markdown is understood: <code>**bold**</code>, <code>- a list</code>,{" "}
        <code>[words](https://…)</code>.
      </p>
      <DialogActions
        form={form}
        send={newer ? "Save mine in its place" : "Save"}
        sending="Saving…"
        onClose={onClose}
      />
    </form>
  );
}
