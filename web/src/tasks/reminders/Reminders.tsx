/** When I want to be reminded of a task: at a time, or so long before it is due. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import type { Page } from "@/api/types";
import { Button, IconButton } from "@/ui/Button";
import { atTime } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { useNow } from "@/ui/now";
import { toast } from "@/ui/toasts";
import { momentWords } from "../due";
import { timeOf } from "../dueFields";
import type { Task } from "../types";
import { remindersQuery, type Reminder, type ReminderForm } from "./queries";
import styles from "./reminders.module.css";

const BEFORE: readonly (readonly [number, string])[] = [
  [0, "When it is due"],
  [600, "10 minutes before"],
  [3_600, "An hour before"],
  [86_400, "A day before"],
  [604_800, "A week before"],
];
const AT = "at";
const MINUTE_S = 60;

const beforeWords = (before_s: number) =>
  BEFORE.find(([each]) => each === before_s)?.[1] ?? `${Math.round(before_s / MINUTE_S)} minutes before`;

async function add(taskId: string, form: ReminderForm): Promise<boolean> {
  const { queryKey } = remindersQuery(taskId);
  try {
    const made = await http.post<Reminder>(`/tasks/${taskId}/reminders`, form);
    queryClient.setQueryData<Page<Reminder>>(queryKey, (data) =>
      data ? { ...data, items: [...data.items, made] } : data,
    );
    return true;
  } catch (error) {
    toast({ tone: "trouble", text: `You won't be reminded. ${sentenceOf(error)}` });
    return false;
  } finally {
    void queryClient.invalidateQueries({ queryKey });
  }
}

async function remove({ id, task_id, before_due_s, remind_at }: Reminder): Promise<void> {
  const { queryKey } = remindersQuery(task_id);
  await queryClient.cancelQueries({ queryKey });
  const before = queryClient.getQueryData(queryKey);
  queryClient.setQueryData<Page<Reminder>>(queryKey, (data) =>
    data ? { ...data, items: data.items.filter((each) => each.id !== id) } : data,
  );
  const form = before_due_s === null ? { remind_at } : { before_due_s };
  try {
    await http.delete(`/tasks/${task_id}/reminders/${id}`);
    toast({
      text: "You won't be reminded.",
      action: { label: "Undo", run: () => void add(task_id, form) },
    });
  } catch (error) {
    queryClient.setQueryData(queryKey, before);
    toast({ tone: "trouble", text: `You will still be reminded. ${sentenceOf(error)}` });
  } finally {
    void queryClient.invalidateQueries({ queryKey });
  }
}

function Row({ reminder }: { reminder: Reminder }) {
  const now_ms = useNow();
  const { before_due_s, remind_at, reminded_at } = reminder;
  const when = remind_at === null ? "once it has a date" : momentWords(remind_at, now_ms);
  const words = before_due_s === null ? when : beforeWords(before_due_s);
  return (
    <li>
      <Icon name="clock" size={16} />
      <span title={remind_at === null ? undefined : atTime(remind_at)}>
        {words}
        {before_due_s !== null && <span className="quiet"> ({when})</span>}
        {reminded_at !== null && <span className="quiet"> · done</span>}
      </span>
      <IconButton icon="close" size={16} label={`Don't remind: ${words}`} onClick={() => void remove(reminder)} />
    </li>
  );
}

function NewReminder({ task, onClose }: { task: Task; onClose: () => void }) {
  const due = task.due_at !== null;
  const [chosen, setChosen] = useState(due ? String(BEFORE[2]?.[0]) : AT);
  const [day, setDay] = useState("");
  const [clock, setClock] = useState("09:00");
  const remind_at = timeOf(day, clock);
  const send = async () => {
    const form = chosen === AT ? { remind_at } : { before_due_s: Number(chosen) };
    if (await add(task.id, form)) onClose();
  };
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      {due && (
        <select aria-label="Remind me" value={chosen} onChange={(event) => setChosen(event.target.value)}>
          {BEFORE.map(([before_s, name]) => (
            <option key={before_s} value={before_s}>
              {name}
            </option>
          ))}
          <option value={AT}>At a time</option>
        </select>
      )}
      {chosen === AT && (
        <>
          <input
            type="date"
            aria-label="Remind me, day"
            max="9998-12-31"
            required
            value={day}
            onChange={(event) => setDay(event.target.value)}
          />
          <input
            type="time"
            aria-label="Remind me, time"
            required
            value={clock}
            onChange={(event) => setClock(event.target.value)}
          />
        </>
      )}
      <Button type="submit" small disabled={chosen === AT && remind_at === null}>
        Remind me
      </Button>
      <Button small look="bare" onClick={onClose}>
        Cancel
      </Button>
    </form>
  );
}

export function Reminders({ task }: { task: Task }) {
  const { data } = useQuery(remindersQuery(task.id));
  const [adding, setAdding] = useState(false);
  const reminders = data?.items ?? [];
  return (
    <div className={styles.reminders} role="group" aria-label="My reminders">
      <span className={styles.label}>My reminders</span>
      {reminders.length > 0 && (
        <ul>
          {reminders.map((reminder) => (
            <Row key={reminder.id} reminder={reminder} />
          ))}
        </ul>
      )}
      {adding && <NewReminder task={task} onClose={() => setAdding(false)} />}
      {!adding && data && (
        <Button look="link" onClick={() => setAdding(true)}>
          Remind me
        </Button>
      )}
    </div>
  );
}
