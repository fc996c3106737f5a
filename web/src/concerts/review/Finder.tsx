/** A box to find things of the history with, and what it found: arrows choose, Enter takes. */
import { useId, useState, type KeyboardEvent } from "react";
import { Icon, type IconName } from "@/ui/Icon";
import styles from "./finder.module.css";

export interface Option<T> {
  key: string;
  icon: IconName;
  label: string;
  detail: string;
  taken: T;
}

interface Props<T> {
  label: string;
  /** In the empty box, where that isn't the label. */
  hint?: string;
  text: string;
  options: readonly Option<T>[];
  /** They weren't found by this text yet, so that Enter alone takes none of them. */
  stale?: boolean;
  onText: (text: string) => void;
  onTake: (taken: T) => void;
}

const LONGEST_NAME = 200;

export function Finder<T>({ label, hint = label, text, options, stale = false, onText, onTake }: Props<T>) {
  const id = useId();
  const [at, setAt] = useState<number | null>(null);
  // While nothing is written, Enter is for the form: nothing is chosen unless arrows choose it.
  const chosen = options.length === 0 ? null : (at ?? (text.trim() === "" ? null : 0));
  const option = chosen === null ? undefined : options[Math.min(chosen, options.length - 1)];

  const take = (taken: T) => {
    setAt(null);
    onTake(taken);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const count = options.length;
    if (event.key === "ArrowDown" && count > 0) setAt(((chosen ?? -1) + 1) % count);
    else if (event.key === "ArrowUp" && count > 0) setAt(((chosen ?? 0) - 1 + count) % count);
    else if (event.key !== "Enter" || option === undefined) return;
    else if (!stale || at !== null) take(option.taken);
    event.preventDefault();
  };
  return (
    <div className={styles.finder}>
      <div className={styles.box}>
        <Icon name="search" size={18} />
        <input
          type="text"
          role="combobox"
          aria-label={label}
          aria-expanded={options.length > 0}
          aria-controls={`${id}-list`}
          aria-activedescendant={option === undefined ? undefined : `${id}-${option.key}`}
          autoComplete="off"
          spellCheck={false}
          maxLength={LONGEST_NAME}
          placeholder={hint}
          value={text}
          onChange={(event) => {
            onText(event.target.value);
            setAt(null);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div className={styles.list} id={`${id}-list`} role="listbox" aria-label="Found" aria-busy={stale}>
        {options.map((each, index) => (
          <button
            key={each.key}
            id={`${id}-${each.key}`}
            type="button"
            role="option"
            tabIndex={-1}
            aria-selected={each === option}
            onPointerMove={() => setAt(index)}
            onClick={() => take(each.taken)}
          >
            <Icon name={each.icon} size={18} />
            <span>{each.label}</span>
            <small>{each.detail}</small>
          </button>
        ))}
      </div>
    </div>
  );
}
