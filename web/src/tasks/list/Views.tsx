/** The saved views of a list, mine or a project's: chosen from a menu, kept and named in a dialog. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import button from "@/ui/button.module.css";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuItem } from "@/ui/Menu";
import { Notice } from "@/ui/Notice";
import { useSubmit } from "@/ui/useSubmit";
import { areAlike, filterOf, viewOf, viewsIn, type TaskFilter } from "../filter";
import { viewsQuery } from "../queries";
import type { View } from "../types";
import { deleteView, renameView, saveView } from "../views";
import edit from "../edit-dialog.module.css";
import styles from "./views.module.css";

interface Props {
  filter: TaskFilter;
  projectId: string | undefined;
  onChange: (next: TaskFilter) => void;
}

const LONGEST_NAME = 100;

interface NameProps {
  title: string;
  name?: string;
  hint?: string | undefined;
  keep: (name: string) => Promise<void>;
  onClose: () => void;
}

function NameDialog({ title, name = "", hint, keep, onClose }: NameProps) {
  const form = useSubmit(
    async (values) => {
      await keep(values.name ?? "");
      onClose();
    },
    ["name"],
  );
  return (
    <Dialog title={title} onClose={onClose}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={edit.edit} onSubmit={form.submit}>
        <Field
          name="name"
          label="Name"
          required
          maxLength={LONGEST_NAME}
          defaultValue={name}
          autoComplete="off"
          hint={hint}
          fault={form.fault("name")}
        />
        <DialogActions form={form} send="Save" sending="Saving…" onClose={onClose} />
      </form>
    </Dialog>
  );
}

export function Views({ filter, projectId, onChange }: Props) {
  const { data } = useQuery(viewsQuery);
  const [naming, setNaming] = useState<View | "new" | null>(null);
  const views = viewsIn(data?.items ?? [], projectId);
  const current = views.find((view) => areAlike(filterOf(view.filters), filter));
  const items: MenuItem[] = [
    ...views.map((view) => ({
      key: view.id,
      label: view.name,
      checked: view.id === current?.id,
      run: () => onChange(filterOf(view.filters)),
    })),
    ...(current
      ? [
          {
            key: "rename",
            label: `Rename “${current.name}”`,
            icon: "edit" as const,
            run: () => setNaming(current),
          },
          {
            key: "delete",
            label: `Delete “${current.name}”`,
            icon: "trash" as const,
            trouble: true,
            run: () => void deleteView(current),
          },
        ]
      : [
          {
            key: "save",
            label: "Save this view",
            detail: "What is shown now, under a name",
            icon: "plus" as const,
            run: () => setNaming("new"),
          },
        ]),
  ];
  return (
    <>
      <Menu label="Views" items={items} className={button.button}>
        <Icon name="views" size={18} />
        <span className={styles.name}>{current?.name ?? "Views"}</span>
        <Icon name="down" size={16} />
      </Menu>
      {naming === "new" && (
        <NameDialog
          title="Save this view"
          hint={filter.due && "The due time moves on with the days."}
          keep={(name) => saveView(name, viewOf(filter, new Date(), projectId))}
          onClose={() => setNaming(null)}
        />
      )}
      {naming !== null && naming !== "new" && (
        <NameDialog
          title="Rename the view"
          name={naming.name}
          keep={(name) => renameView(naming, name)}
          onClose={() => setNaming(null)}
        />
      )}
    </>
  );
}
