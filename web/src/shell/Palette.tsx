/** One box to go anywhere: pages, actions and things by name. `/` or Ctrl-K opens it. */
import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useId, useState, type KeyboardEvent } from "react";
import { meQuery } from "@/api/queries";
import { Dialog } from "@/ui/Dialog";
import { Icon } from "@/ui/Icon";
import type { Command, Search } from "./face";
import { useHouse } from "./house";
import { closeOverlay } from "./overlays";
import { useRun } from "./run";
import styles from "./palette.module.css";

/** What every domain finds under these words. */
function useFound(wanted: string, searches: readonly Search<never>[]): readonly Command[] {
  const results = useQueries({
    queries: searches.map(({ key, read }) => ({
      queryKey: key(wanted),
      queryFn: ({ signal }: { signal: AbortSignal }) => read(wanted, signal),
      enabled: wanted !== "",
      placeholderData: keepPreviousData,
    })),
  });
  if (wanted === "") return [];
  return searches.flatMap(({ commands }, at) => {
    const found: unknown = results[at]?.data;
    return found === undefined ? [] : commands(found as never);
  });
}

export function Palette() {
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const wanted = useDeferredValue(text.trim());
  const { commands, searches } = useHouse();
  const { data: me } = useQuery(meQuery);
  const runCommand = useRun();
  const found = useFound(wanted, searches);
  const typed = text.trim().toLowerCase();
  const begins = ({ label }: Command) => label.toLowerCase().startsWith(typed);
  const holds = ({ label }: Command) => label.toLowerCase().includes(typed);
  const own = commands.filter(({ adminOnly }) => adminOnly !== true || me?.role === "admin");
  const entries = [
    ...own.filter(begins),
    ...found,
    ...own.filter((command) => holds(command) && !begins(command)),
  ];
  const what = ["Page", "action", ...searches.map((each) => each.what)];
  const placeholder = `${what.slice(0, -1).join(", ")} or ${what.at(-1) ?? ""}`;
  const chosen = Math.min(at, Math.max(entries.length - 1, 0));

  const run = (entry: Command | undefined) => {
    if (!entry) return;
    closeOverlay();
    runCommand(entry);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt((chosen + 1) % Math.max(entries.length, 1));
    else if (event.key === "ArrowUp") {
      setAt((chosen - 1 + entries.length) % Math.max(entries.length, 1));
    } else if (event.key === "Enter") run(entries[chosen]);
    else return;
    event.preventDefault();
  };
  const entryId = (index: number) => `${id}-${index}`;
  return (
    <Dialog title="Go to" bare onClose={closeOverlay}>
      <div>
        <div className={styles.paletteBox}>
          <Icon name="search" />
          <input
            type="text"
            role="combobox"
            aria-label={placeholder}
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={entries.length > 0 ? entryId(chosen) : undefined}
            autoComplete="off"
            spellCheck={false}
            placeholder={placeholder}
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
          <kbd>Esc</kbd>
        </div>
        <div className={styles.paletteList} id={`${id}-list`} role="listbox" aria-label="Results">
          {entries.map((entry, index) => (
            <button
              key={entry.key}
              id={entryId(index)}
              type="button"
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              onPointerMove={() => setAt(index)}
              onClick={() => run(entry)}
            >
              <Icon name={entry.icon} size={18} />
              <span>{entry.label}</span>
              {entry.detail !== undefined && <small>{entry.detail}</small>}
            </button>
          ))}
        </div>
        {entries.length === 0 && <p className={styles.paletteNone}>Nothing here is called that.</p>}
      </div>
    </Dialog>
  );
}
