/** The line under a column that adds a card to it, in the same words as the list understands. */
import { AddLine } from "../AddLine";
import { createTask } from "../actions";
import { STATUS_WORDS } from "../words";
import type { Column } from "./columns";

export function AddCard({ column, projectId }: { column: Column; projectId: string }) {
  return (
    <AddLine
      label={`New task in ${STATUS_WORDS[column]}`}
      placeholder="Add a task"
      make={(draft, keep) =>
        createTask({ ...draft, status: column, project_id: projectId }, keep)
      }
    />
  );
}
