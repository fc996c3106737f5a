/** The columns of a board, and the card that is being moved between them. */
import {
  closestCorners,
  DndContext,
  DragOverlay,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
  type DragEndEvent,
  type DragOverEvent,
} from "@dnd-kit/core";
import { sortableKeyboardCoordinates } from "@dnd-kit/sortable";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Failed } from "@/ui/Notice";
import { EditDialog } from "../EditDialog";
import { membersQuery, type Project } from "../projects/queries";
import type { TaskItem } from "../types";
import { STATUS_WORDS } from "../words";
import { Card } from "./Card";
import { COLUMNS, columnOf, moveCard, placed, type Column, type Order } from "./columns";
import { ColumnView } from "./ColumnView";
import { saying } from "./saying";
import { useColumns } from "./useColumns";
import styles from "./board.module.css";

interface Moving {
  task: TaskItem;
  order: Order;
}

/** A finger that rests lifts a card; one that moves scrolls. */
const REST = { delay: 220, tolerance: 8 };

export function Board({ project, editable }: { project: Project; editable: boolean }) {
  const { columns, tasks, order, error, retry } = useColumns(project.id);
  const members = useQuery(membersQuery(project.id)).data?.items ?? [];
  const [moving, setMoving] = useState<Moving | null>(null);
  const [edited, setEdited] = useState<TaskItem | null>(null);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: REST }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const shown = moving?.order ?? order;

  /** Where a card would be if it were let go here. */
  const target = (event: DragOverEvent | DragEndEvent, from: Order): Order => {
    const { active, over } = event;
    const id = String(active.id);
    if (over === null || over.id === active.id) return from;
    const overId = String(over.id);
    const column = COLUMNS.find((each) => each === overId) ?? columnOf(from, overId);
    if (column === undefined) return from;
    const within = columnOf(from, id) === column;
    const at = from[column].indexOf(overId);
    if (at < 0) return within ? from : placed(from, id, column, from[column].length);
    const below =
      !within &&
      active.rect.current.translated !== null &&
      active.rect.current.translated.top > over.rect.top + over.rect.height / 2;
    return placed(from, id, column, below ? at + 1 : at);
  };

  const drop = (event: DragEndEvent) => {
    setMoving(null);
    if (!moving || event.over === null) return;
    const { task } = moving;
    const now = target(event, moving.order);
    const column = columnOf(now, task.id);
    if (column === undefined) return;
    const at = now[column].indexOf(task.id);
    const behind = at > 0 ? (now[column][at - 1] ?? null) : null;
    const was = order[column].indexOf(task.id);
    if (column === task.status && was === at) return;
    void moveCard(project.id, task, column, behind);
  };

  if (error && tasks.size === 0) {
    return <Failed what="This board can't be shown" error={error} retry={retry} />;
  }
  const nameOf = (column: Column) => STATUS_WORDS[column];
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCorners}
      accessibility={saying(tasks, shown, nameOf)}
      onDragStart={({ active }) => {
        const task = tasks.get(String(active.id));
        if (task) setMoving({ task, order });
      }}
      onDragOver={(event) => {
        setMoving((now) => {
          if (!now) return now;
          // Within a column the cards make room by themselves, until the card is let go.
          const next = target(event, now.order);
          const id = String(event.active.id);
          return columnOf(next, id) === columnOf(now.order, id) ? now : { ...now, order: next };
        });
      }}
      onDragEnd={drop}
      onDragCancel={() => setMoving(null)}
    >
      <div className={styles.board}>
        {COLUMNS.map((column) => (
          <ColumnView
            key={column}
            column={column}
            project={project}
            editable={editable}
            tasks={shown[column].flatMap((id) => tasks.get(id) ?? [])}
            pending={columns[column].pending}
            more={columns[column].more}
            members={members}
            onEdit={setEdited}
          />
        ))}
      </div>
      <DragOverlay dropAnimation={null}>
        {moving && <Card task={moving.task} members={members} lifted />}
      </DragOverlay>
      {edited && <EditDialog task={edited} onClose={() => setEdited(null)} />}
    </DndContext>
  );
}
