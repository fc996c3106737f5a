/** Finds a person by name or e-mail: a box with a list that the arrows walk through. */
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useDeferredValue, useId, useState, type KeyboardEvent } from "react";
import { usersQuery } from "./queries";
import type { User } from "@/api/types";
import { classes } from "@/ui/classes";
import field from "@/ui/field.module.css";
import styles from "./person-picker.module.css";

interface Props {
  /** The name of whoever is chosen. */
  chosen: string | null;
  onPick: (id: string | undefined) => void;
}

const MOST_SHOWN = 6;

export function PersonPicker({ chosen, onPick }: Props) {
  const id = useId();
  const [text, setText] = useState<string | null>(null);
  const [at, setAt] = useState(0);
  const open = text !== null;
  const q = useDeferredValue(text?.trim() ?? "");
  const { data } = useInfiniteQuery({
    ...usersQuery(q),
    enabled: open,
    placeholderData: keepPreviousData,
  });
  const found = (data?.pages.flatMap((page) => page.items) ?? []).slice(0, MOST_SHOWN);
  const here = Math.min(at, Math.max(found.length - 1, 0));
  const pick = (person: User | undefined) => {
    if (!person) return;
    setText(null);
    onPick(person.id);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt((here + 1) % Math.max(found.length, 1));
    else if (event.key === "ArrowUp") setAt((here - 1 + found.length) % Math.max(found.length, 1));
    else if (event.key === "Enter" && open) pick(found[here]);
    else if (event.key === "Escape") setText(null);
    else return;
    if (event.key.startsWith("Arrow") && !open) setText("");
    event.preventDefault();
  };
  return (
    <div className={classes(field.field, styles.person)}>
      <label htmlFor={id}>Who</label>
      <input
        id={id}
        type="text"
        role="combobox"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-activedescendant={open && found.length > 0 ? `${id}-${here}` : undefined}
        autoComplete="off"
        spellCheck={false}
        placeholder="Everybody"
        value={text ?? chosen ?? ""}
        onChange={(event) => {
          setText(event.target.value);
          setAt(0);
          if (event.target.value === "" && chosen !== null) onPick(undefined);
        }}
        onClick={() => setText(text ?? "")}
        onBlur={() => setText(null)}
        onKeyDown={onKeyDown}
      />
      <div
        className={styles.personList}
        id={`${id}-list`}
        role="listbox"
        aria-label="People"
        hidden={!open}
      >
        {found.map((person, index) => (
          <button
            key={person.id}
            id={`${id}-${index}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={index === here}
            onPointerMove={() => setAt(index)}
            // Before the box loses the focus, which closes the list.
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => pick(person)}
          >
            {person.name}
            <small>{person.email}</small>
          </button>
        ))}
        {found.length === 0 && data && <p className="quiet">Nobody here is called that.</p>}
      </div>
    </div>
  );
}
