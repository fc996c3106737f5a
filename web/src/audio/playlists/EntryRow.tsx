/** One entry of a playlist: played, moved by its grip, taken out. */
import { useSortable } from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { Link } from "@tanstack/react-router";
import { classes } from "@/ui/classes";
import { duration } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuItem } from "@/ui/Menu";
import { byline } from "../byline";
import { PlayButton } from "../library/PlayButton";
import { enqueue } from "../player/ahead";
import type { PlayerState } from "../player/state";
import type { Entry, Playlist, Track } from "../types";
import { removeEntry } from "./actions";
import styles from "./entries.module.css";

interface Props {
  playlist: Playlist;
  entry: Entry;
  /** As the player takes it; left out where it is gone. */
  track: Track | undefined;
  editable: boolean;
  playing: PlayerState["status"] | null;
  onPlay: () => void;
}

export function EntryRow({ playlist, entry, track, editable, playing, onPlay }: Props) {
  const { setNodeRef, setActivatorNodeRef, attributes, listeners, transform, transition, isDragging } =
    useSortable({ id: entry.id, disabled: !editable });
  const actions: MenuItem[] = [];
  if (track?.status === "ready") {
    actions.push(
      { key: "next", label: "Play next", icon: "next", run: () => enqueue([track], "next") },
      { key: "last", label: "Add to queue", icon: "plus", run: () => enqueue([track], "last") },
    );
  }
  if (editable) {
    actions.push({
      key: "remove",
      label: "Take out",
      icon: "close",
      run: () => void removeEntry(playlist, entry),
    });
  }
  return (
    <li
      ref={setNodeRef}
      className={classes(
        styles.entry,
        isDragging && styles.entryLifted,
        playing !== null && styles.entryCurrent,
      )}
      style={{ transform: CSS.Translate.toString(transform), transition }}
    >
      {editable && (
        <button
          ref={setActivatorNodeRef}
          type="button"
          className={styles.grip}
          {...attributes}
          {...listeners}
          aria-label={`Move ${entry.title}`}
          title="Move: Space, then the arrow keys"
        >
          <Icon name="grip" size={16} />
        </button>
      )}
      {track ? (
        <PlayButton track={track} playing={playing} onPlay={onPlay} />
      ) : (
        <span className={styles.gone}>
          <Icon name="warning" />
        </span>
      )}
      <span className={styles.words}>
        {track && track.via === undefined ? (
          <Link to="/tracks/$trackId" params={{ trackId: track.id }}>
            {track.title}
          </Link>
        ) : (
          <strong>{track?.title ?? entry.title}</strong>
        )}
        <span>{track ? byline(track) : "This track was removed from its library."}</span>
      </span>
      <span className={styles.length}>{track ? duration(track.duration_ms) : ""}</span>
      {actions.length > 0 && (
        <Menu label={`Actions for ${entry.title}`} items={actions}>
          <Icon name="more" />
        </Menu>
      )}
    </li>
  );
}
