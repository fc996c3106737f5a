/** What is known of a task, each changed where it stands: status, priority, times, labels. */
import { useId, useState, type KeyboardEvent, type ReactNode } from "react";
import { IconButton } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Select } from "@/ui/Select";
import { When } from "@/ui/When";
import { changeTask, isSettled } from "../actions";
import { DueTime } from "../DueTime";
import { fieldsOf, labelsOf, timeOf } from "../dueFields";
import type { Priority, Status, Task } from "../types";
import type { Rights } from "../projects/useRights";
import { Reminders } from "../reminders/Reminders";
import { PRIORITY_CHOICES, STATUS_CHOICES } from "../words";
import { Place } from "./Place";
import styles from "./facts.module.css";

interface MomentProps {
  label: string;
  time: string | null;
  disabled: boolean;
  onChange: (time: string | null) => void;
  children?: ReactNode;
}

/** A day and, where it matters, a time. */
function Moment({ label, time, disabled, onChange, children }: MomentProps) {
  const id = useId();
  const { day, clock } = fieldsOf(time);
  const set = (nextDay: string, nextClock: string) => {
    const next = timeOf(nextDay, nextClock);
    if (next !== time) onChange(next);
  };
  return (
    <div className={styles.moment} role="group" aria-labelledby={id}>
      <span id={id} className={styles.label}>
        {label} {children}
      </span>
      <input
        // Taken over when it is left: half a date isn't one.
        key={`day ${day}`}
        type="date"
        aria-label={`${label}, day`}
        max="9998-12-31"
        defaultValue={day}
        disabled={disabled}
        onBlur={(event) => set(event.target.value, clock)}
      />
      <input
        key={`clock ${clock}`}
        type="time"
        aria-label={`${label}, time`}
        defaultValue={clock}
        disabled={disabled || day === ""}
        onBlur={(event) => set(day, event.target.value)}
      />
      {time !== null && !disabled && (
        <IconButton icon="close" size={16} label={`No ${label.toLowerCase()}`} onClick={() => onChange(null)} />
      )}
    </div>
  );
}

function LabelsFact({ task, disabled }: { task: Task; disabled: boolean }) {
  const id = useId();
  const [text, setText] = useState("");
  const set = (labels: string[]) => void changeTask(task, { labels });
  const add = () => {
    const more = labelsOf(text).filter((label) => !task.labels.includes(label));
    setText("");
    if (more.length > 0) set([...task.labels, ...more]);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") add();
    else if (event.key === "Backspace" && text === "" && task.labels.length > 0) {
      set(task.labels.slice(0, -1));
    } else return;
    event.preventDefault();
  };
  return (
    <div className={styles.labels}>
      <label htmlFor={id} className={styles.label}>
        Labels
      </label>
      {task.labels.map((label) => (
        <button
          key={label}
          type="button"
          disabled={disabled}
          onClick={() => set(task.labels.filter((each) => each !== label))}
        >
          #{label}
          <span className="unseen">, take off</span>
          <Icon name="close" size={14} />
        </button>
      ))}
      <input
        id={id}
        type="text"
        placeholder={disabled ? "" : "Add a label"}
        autoComplete="off"
        maxLength={50}
        disabled={disabled}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={add}
      />
    </div>
  );
}

interface Props {
  task: Task;
  rights: Rights;
}

export function Facts({ task, rights }: Props) {
  const { status, priority, start_at, due_at, completed_at, created_at, updated_at } = task;
  const disabled = task.deleted_at !== null || !rights.edit;
  const settled = isSettled(task);
  return (
    <section className={styles.facts} aria-label="Details">
      <div className={styles.pair}>
        <Select
          label="Status"
          options={STATUS_CHOICES}
          value={status}
          disabled={disabled}
          onChange={(event) => void changeTask(task, { status: event.target.value as Status })}
        />
        <Select
          label="Priority"
          options={PRIORITY_CHOICES}
          value={priority}
          disabled={disabled}
          onChange={(event) => void changeTask(task, { priority: event.target.value as Priority })}
        />
      </div>
      <Moment
        label="Due"
        time={due_at}
        disabled={disabled}
        onChange={(time) => void changeTask(task, { due_at: time })}
      >
        {due_at !== null && <DueTime time={due_at} settled={settled} />}
      </Moment>
      <Moment
        label="Start"
        time={start_at}
        disabled={disabled}
        onChange={(time) => void changeTask(task, { start_at: time })}
      />
      <LabelsFact task={task} disabled={disabled} />
      <Place task={task} rights={rights} disabled={disabled} />
      {task.deleted_at === null && <Reminders task={task} />}
      <dl className={styles.dates}>
        <div>
          <dt>Made</dt>
          <dd>
            <When time={created_at} />
          </dd>
        </div>
        <div>
          <dt>Changed</dt>
          <dd>
            <When time={updated_at} />
          </dd>
        </div>
        {completed_at !== null && (
          <div>
            <dt>Done</dt>
            <dd>
              <When time={completed_at} />
            </dd>
          </div>
        )}
      </dl>
    </section>
  );
}
