/** A box to write in. `@` opens a list of members: arrows choose, Enter or Tab takes, Esc closes. */
import { useId, useState, type KeyboardEvent, type RefObject } from "react";
import { flushSync } from "react-dom";
import { Initials } from "../Initials";
import { fitting, mentioningAt, type Mentioning, type Person } from "./mentions";
import styles from "./comments.module.css";

interface Props {
  label: string;
  placeholder?: string;
  text: string;
  people: readonly Person[];
  onText: (text: string) => void;
  /** On Ctrl or Cmd and Enter. */
  onSend: () => void;
  /** On Esc, while no list is open. */
  onLeave?: (() => void) | undefined;
  box: RefObject<HTMLTextAreaElement | null>;
}

const LONGEST = 10_000;

export function MentionBox(props: Props) {
  const { label, placeholder, text, people, onText, onSend, onLeave, box } = props;
  const id = useId();
  const [mentioning, setMentioning] = useState<Mentioning | null>(null);
  const [at, setAt] = useState(0);
  const offered = mentioning === null ? [] : fitting(people, mentioning.typed);
  const open = offered.length > 0;
  const active = offered[Math.min(at, offered.length - 1)];

  const look = ({ value, selectionStart, selectionEnd }: HTMLTextAreaElement) => {
    const next = selectionStart === selectionEnd ? mentioningAt(value, selectionStart) : null;
    if (next?.from !== mentioning?.from || next?.typed !== mentioning?.typed) setAt(0);
    setMentioning(next);
  };

  const take = (person: Person) => {
    const area = box.current;
    if (!area || !mentioning) return;
    const before = `${text.slice(0, mentioning.from)}@${person.handle} `;
    const after = text.slice(mentioning.from + 1 + mentioning.typed.length).replace(/^ /u, "");
    // The text is in the box when this returns: whoever types on at once finds the caret in place.
    flushSync(() => {
      onText(before + after);
      setMentioning(null);
    });
    area.focus();
    area.setSelectionRange(before.length, before.length);
  };

  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.nativeEvent.isComposing) return;
    const { key } = event;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) onSend();
    else if (open && (key === "ArrowDown" || key === "ArrowUp")) {
      setAt((at + (key === "ArrowDown" ? 1 : offered.length - 1)) % offered.length);
    } else if (open && active && (key === "Enter" || (key === "Tab" && !event.shiftKey))) take(active);
    else if (key === "Escape" && open) setMentioning(null);
    else if (key === "Escape" && onLeave) onLeave();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={styles.box}>
      <textarea
        ref={box}
        aria-label={label}
        aria-autocomplete="list"
        aria-haspopup="listbox"
        aria-controls={open ? id : undefined}
        aria-activedescendant={open && active ? `${id}-${active.id}` : undefined}
        placeholder={placeholder}
        rows={3}
        maxLength={LONGEST}
        value={text}
        onChange={(event) => {
          onText(event.target.value);
          look(event.target);
        }}
        onSelect={(event) => look(event.currentTarget)}
        onBlur={() => setMentioning(null)}
        onKeyDown={onKeyDown}
      />
      {open && (
        <div id={id} role="listbox" aria-label="Members">
          {offered.map((person) => (
            // The keys for it are the box's: the focus stays there.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={person.id}
              id={`${id}-${person.id}`}
              role="option"
              tabIndex={-1}
              aria-selected={person === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(person)}
            >
              <Initials name={person.handle} />
              {person.handle}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
