/** Tasks in figures: how much is done, week by week, by status and by priority, and what is late. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Chart } from "@/ui/Chart";
import type { ChartData } from "@/ui/chartData";
import { Empty } from "@/ui/Empty";
import { count } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Meter } from "@/ui/Meter";
import { Failed } from "@/ui/Notice";
import page from "@/ui/page.module.css";
import { Skeleton } from "@/ui/Skeleton";
import { statsQuery } from "../queries";
import type { TaskStats } from "../types";
import { PRIORITY_CHOICES, STATUS_CHOICES } from "../words";
import styles from "./statistics.module.css";

const weekOf = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });

/** Between weeks, and between tasks, there is nothing to name. */
const whole = (words: (value: number) => string) => (value: number) =>
  Number.isInteger(value) ? words(value) : "";

const byWeek = ({ weeks }: TaskStats): ChartData => ({
  across: {
    name: "Week from",
    places: [...weeks.keys()],
    words: whole((place) => {
      const { begins_on } = weeks[place] ?? {};
      return begins_on === undefined ? "" : weekOf.format(Date.parse(begins_on));
    }),
  },
  unit: "tasks",
  words: whole(count),
  series: [
    { name: "Done", hue: "tasks", values: weeks.map(({ completed }) => completed) },
    { name: "Made", hue: "ink-3", values: weeks.map(({ created }) => created) },
  ],
});

const byStatus = ({ by_status }: TaskStats): ChartData => ({
  across: { name: "Status", places: STATUS_CHOICES.map(({ name }) => name) },
  unit: "tasks",
  words: count,
  series: [
    { name: "Tasks", hue: "tasks", values: STATUS_CHOICES.map(({ value }) => by_status[value]) },
  ],
});

const byPriority = ({ open_by_priority }: TaskStats): ChartData => {
  const choices = [...PRIORITY_CHOICES].reverse();
  return {
    across: { name: "Priority", places: choices.map(({ name }) => name) },
    unit: "open tasks",
    words: count,
    series: [
      { name: "Open", hue: "tasks", values: choices.map(({ value }) => open_by_priority[value]) },
    ],
  };
};

function Completion({ stats }: { stats: TaskStats }) {
  const { by_status, completion, total, overdue } = stats;
  const done = by_status.done + by_status.archived;
  const words = `${count(done)} of ${count(total)} done, ${Math.floor(completion * 100)} %`;
  const thisWeek = stats.weeks.at(-1)?.completed ?? 0;
  return (
    <section className={page.panel} aria-label="Completion">
      <div className={styles.completion}>
        <Meter label="Completion" level={completion} text={words} tone="ok" size="tall" />
        <p>{words}</p>
      </div>
      <dl className={styles.figures}>
        <div>
          <dt>Done this week</dt>
          <dd>{count(thisWeek)}</dd>
        </div>
        <div>
          <dt>Open</dt>
          <dd>{count(by_status.todo + by_status.doing)}</dd>
        </div>
        <div>
          <dt>Overdue</dt>
          <dd className={overdue > 0 ? styles.late : undefined}>
            {overdue > 0 && <Icon name="warning" size={20} />}
            {overdue > 0 ? (
              <Link to="/tasks" search={{ due: "overdue", sort: "due_at" }}>
                {count(overdue)}
              </Link>
            ) : (
              "None"
            )}
          </dd>
        </div>
      </dl>
    </section>
  );
}

export default function StatisticsPage() {
  const { data, error, refetch } = useQuery(statsQuery);
  if (error && !data) {
    return <Failed what="The figures can't be shown" error={error} retry={() => void refetch()} />;
  }
  if (!data) return <Skeleton what="the figures" shape="block" rows={2} />;
  if (data.total === 0) {
    return (
      <Empty
        icon="tasks"
        title="Nothing to count yet"
        action={<Link to="/tasks">Write the first task</Link>}
      >
        <p>How much gets done in a week, what is late and what waits: it shows here by itself.</p>
      </Empty>
    );
  }
  return (
    <>
      <Completion stats={data} />
      <div className={page.panel}>
        <Chart title="Week by week" data={byWeek(data)} />
      </div>
      <div className={styles.pair}>
        <div className={page.panel}>
          <Chart title="By status" data={byStatus(data)} />
        </div>
        <div className={page.panel}>
          <Chart title="Open tasks by priority" data={byPriority(data)} />
        </div>
      </div>
    </>
  );
}
