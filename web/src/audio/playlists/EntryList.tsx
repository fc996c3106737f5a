/** What is in a playlist, in its order, which a pointer, a finger or keys change. */
import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useSensor,
  useSensors,
  type DndContextProps,
} from "@dnd-kit/core";
import {
  SortableContext,
  sortableKeyboardCoordinates,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { useStore } from "@/api/store";
import { player } from "../player/state";
import type { Entry, Playlist, Track } from "../types";
import { moveEntry } from "./actions";
import { EntryRow } from "./EntryRow";
import styles from "./entries.module.css";

interface Props {
  playlist: Playlist;
  entries: readonly Entry[];
  /** As the player takes them, by entry. */
  tracks: ReadonlyMap<string, Track>;
  editable: boolean;
  onPlay: (entry: Entry) => void;
}

/** A finger that rests lifts an entry; one that moves scrolls. */
const REST = { delay: 220, tolerance: 8 };
const HOW =
  "Press Space to lift the entry. Then the arrow keys move it, Space lets it go, and Escape " +
  "puts it back.";

function saying(entries: readonly Entry[]): NonNullable<DndContextProps["accessibility"]> {
  const title = (id: unknown) => entries.find((each) => each.id === id)?.title ?? "The entry";
  const place = (id: unknown) =>
    `place ${entries.findIndex((each) => each.id === id) + 1} of ${entries.length}`;
  return {
    screenReaderInstructions: { draggable: HOW },
    announcements: {
      onDragStart: ({ active }) => `Lifted ${title(active.id)}. It is in ${place(active.id)}.`,
      onDragOver: ({ active, over }) =>
        over ? `${title(active.id)} is over ${place(over.id)}.` : undefined,
      onDragEnd: ({ active, over }) =>
        over ? `${title(active.id)} was put into ${place(over.id)}.` : undefined,
      onDragCancel: ({ active }) => `${title(active.id)} is where it was.`,
    },
  };
}

export function EntryList({ playlist, entries, tracks, editable, onPlay }: Props) {
  const { track: current, status } = useStore(player);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: REST }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      accessibility={saying(entries)}
      onDragEnd={({ active, over }) => {
        const entry = entries.find(({ id }) => id === active.id);
        if (entry && over) void moveEntry(playlist, entry, String(over.id));
      }}
    >
      <SortableContext items={entries.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
        <ol className={styles.entries} aria-label={`What is in ${playlist.name}`}>
          {entries.map((entry) => {
            const track = tracks.get(entry.id);
            return (
              <EntryRow
                key={entry.id}
                playlist={playlist}
                entry={entry}
                track={track}
                editable={editable}
                playing={track !== undefined && track.id === current?.id ? status : null}
                onPlay={() => onPlay(entry)}
              />
            );
          })}
        </ol>
      </SortableContext>
    </DndContext>
  );
}
