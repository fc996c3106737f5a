/** What a screen reader says while a card is moved by keys. */
import type { DndContextProps } from "@dnd-kit/core";
import type { TaskItem } from "../types";
import { COLUMNS, columnOf, type Column, type Order } from "./columns";

const HOW =
  "Press Space to lift the card. Then the arrow keys move it, Space lets it go, and Escape " +
  "puts it back.";

export function saying(
  tasks: ReadonlyMap<string, TaskItem>,
  order: Order,
  nameOf: (column: Column) => string,
): NonNullable<DndContextProps["accessibility"]> {
  const title = (id: unknown) => tasks.get(String(id))?.title ?? "The card";
  const place = (id: unknown) => {
    const column = COLUMNS.find((each) => each === id) ?? columnOf(order, String(id));
    if (column === undefined) return "nowhere";
    const at = order[column].indexOf(String(id));
    return at < 0 ? nameOf(column) : `${nameOf(column)}, place ${at + 1} of ${order[column].length}`;
  };
  return {
    screenReaderInstructions: { draggable: HOW },
    announcements: {
      onDragStart: ({ active }) => `Lifted ${title(active.id)}. It is in ${place(active.id)}.`,
      onDragOver: ({ active, over }) =>
        over ? `${title(active.id)} is over ${place(over.id)}.` : undefined,
      onDragEnd: ({ active, over }) =>
        over
          ? `${title(active.id)} was put into ${place(over.id)}.`
          : `${title(active.id)} is where it was.`,
      onDragCancel: ({ active }) => `${title(active.id)} is where it was.`,
    },
  };
}
