/** What narrows and sorts the list: search, status, priority, label, due; and views that keep it. */
import { useEffect, useState } from "react";
import { IconButton } from "@/ui/Button";
import choice from "@/ui/choice.module.css";
import { classes } from "@/ui/classes";
import field from "@/ui/field.module.css";
import { onDay } from "@/ui/format";
import { SearchBar } from "@/ui/SearchBar";
import { saying, shownOf, type TaskFilter, type TaskQuery } from "../filter";
import type { TaskItem } from "../types";
import { DUE_CHOICES, PRIORITY_CHOICES, SHOWN_CHOICES, SORT_CHOICES } from "../words";
import { ExportDialog } from "./ExportDialog";
import { Views } from "./Views";
import styles from "./filters.module.css";

interface Props {
  filter: TaskFilter;
  query: TaskQuery;
  /** Those that are shown: their labels are offered. */
  tasks: readonly TaskItem[];
  projectId: string | undefined;
  onChange: (next: TaskFilter) => void;
}

const PAUSE_MS = 200;

interface NarrowProps {
  label: string;
  /** Said where nothing is chosen. */
  any?: string;
  value: string | undefined;
  options: readonly { value: string; name: string }[];
  onChange: (value: string | undefined) => void;
}

function Narrow({ label, any, value = "", options, onChange }: NarrowProps) {
  return (
    <select
      className={classes(field.select, styles.narrow, any !== undefined && value !== "" && styles.chosen)}
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value === "" ? undefined : event.target.value)}
    >
      {any !== undefined && <option value="">{any}</option>}
      {options.map(({ value: each, name }) => (
        <option key={each} value={each}>
          {name}
        </option>
      ))}
    </select>
  );
}

/** Fixed times come with a view; they are told, and can be left. */
function Between({ filter, onChange }: Pick<Props, "filter" | "onChange">) {
  const { after, before, ...rest } = filter;
  if (after === undefined && before === undefined) return null;
  const words = [
    ...(after === undefined ? [] : [`from ${onDay(after)}`]),
    ...(before === undefined ? [] : [`before ${onDay(before)}`]),
  ];
  return (
    <span className={styles.between}>
      Due {words.join(", ")}
      <IconButton icon="close" label="Leave these times" size={16} onClick={() => onChange(rest)} />
    </span>
  );
}

function useTyped(filter: TaskFilter, onChange: Props["onChange"]) {
  const { q = "" } = filter;
  const [text, setText] = useState(q);
  const [known, setKnown] = useState(q);
  // A view, or a way back, brings words of its own.
  if (q !== known) {
    setKnown(q);
    if (q !== text.trim()) setText(q);
  }
  useEffect(() => {
    if (text.trim() === q) return;
    const timer = setTimeout(() => {
      const words = text.trim();
      onChange(saying({ ...filter, q: words === "" ? undefined : words }));
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [text, q, filter, onChange]);
  return [text, setText] as const;
}

export function Filters({ filter, query, tasks, projectId, onChange }: Props) {
  const [text, setText] = useTyped(filter, onChange);
  const [exporting, setExporting] = useState(false);
  const labels = new Set(tasks.flatMap((task) => task.labels));
  if (filter.label !== undefined) labels.add(filter.label);
  const set = (name: keyof TaskFilter) => (value: string | undefined) =>
    onChange(saying({ ...filter, [name]: value }));
  return (
    <div className={styles.filters}>
      <fieldset className={classes(choice.choice, styles.shown)}>
        <legend className="unseen">Which tasks</legend>
        {SHOWN_CHOICES.map(({ value, name }) => (
          <label key={value}>
            <input
              type="radio"
              name="show"
              checked={value === shownOf(filter)}
              onChange={() => onChange({ ...filter, show: value })}
            />
            {name}
          </label>
        ))}
      </fieldset>
      <SearchBar
        label="Search your tasks"
        placeholder="Title, description or label"
        value={text}
        onChange={setText}
      >
        <div className={styles.narrows}>
          <Narrow
            label="Priority"
            any="Any priority"
            value={filter.priority}
            options={PRIORITY_CHOICES}
            onChange={set("priority")}
          />
          <Narrow
            label="Label"
            any="Any label"
            value={filter.label}
            options={[...labels].sort().map((each) => ({ value: each, name: `#${each}` }))}
            onChange={set("label")}
          />
          <Narrow
            label="Due"
            any="Due any time"
            value={filter.due}
            options={DUE_CHOICES}
            onChange={set("due")}
          />
          <Narrow
            label="Sort"
            value={filter.sort ?? "-created_at"}
            options={SORT_CHOICES}
            onChange={set("sort")}
          />
        </div>
        <div className={styles.does}>
          <Views filter={filter} projectId={projectId} onChange={onChange} />
          <IconButton icon="download" label="Export" onClick={() => setExporting(true)} />
        </div>
      </SearchBar>
      <Between filter={filter} onChange={onChange} />
      {exporting && <ExportDialog query={query} onClose={() => setExporting(false)} />}
    </div>
  );
}
