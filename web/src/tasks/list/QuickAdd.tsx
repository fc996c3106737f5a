/** One line for a new task, in natural words; under it stands what was understood of them. */
import { useLayoutEffect, useState, type KeyboardEvent, type SubmitEvent } from "react";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { useNow } from "@/ui/now";
import { createTask } from "../actions";
import { LONGEST } from "../AddLine";
import { momentWords } from "../due";
import { quickAdd } from "../keys";
import { PriorityLevel } from "../Priority";
import { readTask, type Reading, type ReadTask } from "../reading";
import { useLine } from "../useLine";
import styles from "./quick-add.module.css";

const EXAMPLE = "Restring the bass tomorrow 9am !high #gear";

function Understood({ reading, read, now_ms }: { reading: Reading; read: ReadTask; now_ms: number }) {
  if (reading.kind === "priority") {
    return read.priority !== null && <PriorityLevel priority={read.priority} />;
  }
  return (
    <>
      <Icon name={reading.kind === "due" ? "clock" : "tag"} size={16} />
      {reading.kind === "label"
        ? reading.words.replace(/^#|[,;.]+$/gu, "")
        : read.due_at !== null && momentWords(read.due_at, now_ms)}
    </>
  );
}

/** Adds to a project, or to none. */
export function QuickAdd({ projectId }: { projectId?: string }) {
  const line = useLine((draft, keep) =>
    createTask(projectId === undefined ? draft : { ...draft, project_id: projectId }, keep),
  );
  const { box, text, literal } = line;
  const [wanting, setWanting] = useState(false);
  const now_ms = useNow();
  const read = readTask(text, new Date(now_ms), literal);

  useLayoutEffect(() => {
    quickAdd.set(box.current);
    return () => quickAdd.set(null);
  }, [box]);

  const write = (next: string) => {
    line.write(next);
    setWanting(false);
  };
  const add = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    setWanting(!line.add());
  };
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key === "Escape") box.current?.blur();
    else if (event.key === "ArrowDown") {
      document.querySelector<HTMLElement>('tr[data-index][tabindex="0"]')?.focus();
    } else return;
    event.preventDefault();
  };
  const takeBack = (reading: Reading) => {
    line.leave(reading.words);
    box.current?.focus();
  };
  return (
    <form className={styles.quickAdd} onSubmit={add}>
      <div className={styles.line}>
        <Icon name="plus" size={20} />
        <input
          ref={box}
          type="text"
          aria-label="New task"
          aria-describedby="quick-add-read"
          autoComplete="off"
          maxLength={LONGEST}
          placeholder={EXAMPLE}
          value={text}
          onChange={(event) => write(event.target.value)}
          onKeyDown={onKeyDown}
        />
        {text === "" ? (
          <kbd>n</kbd>
        ) : (
          <Button small type="submit" look="signal">
            Add
          </Button>
        )}
      </div>
      <div id="quick-add-read" className={styles.read} aria-live="polite">
        {wanting && <p className={styles.wanting}>Write what there is to do, too.</p>}
        {read.readings.map((reading) => (
          <button
            key={reading.spans.join()}
            type="button"
            className={styles.reading}
            title={`Leave “${reading.words}” in the title`}
            onClick={() => takeBack(reading)}
            onKeyDown={(event) => {
              if (event.key !== "Backspace" && event.key !== "Delete") return;
              event.preventDefault();
              takeBack(reading);
            }}
          >
            <Understood reading={reading} read={read} now_ms={now_ms} />
            <span className="unseen">, take back “{reading.words}”</span>
            <Icon name="close" size={14} />
          </button>
        ))}
      </div>
    </form>
  );
}
