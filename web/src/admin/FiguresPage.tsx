/** The installation in figures: what each domain counts, and where the jobs are. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { Figure } from "@/shell/face";
import { useHouse } from "@/shell/house";
import { Chart } from "@/ui/Chart";
import type { ChartData } from "@/ui/chartData";
import { bytes, count } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Failed } from "@/ui/Notice";
import page from "@/ui/page.module.css";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import { statsQuery } from "./queries";
import styles from "./figures.module.css";
import type { Stats } from "./types";

const FRESH_MS = 60_000;

const STATES = [
  ["queued", "Waiting"],
  ["running", "Running"],
  ["done", "Done"],
  ["dead", "Dead"],
  ["cancelled", "Cancelled"],
] as const;

const jobsIn = ({ jobs }: Stats): ChartData => ({
  across: { name: "State", places: STATES.map(([, name]) => name) },
  unit: "jobs",
  words: count,
  series: [{ name: "Jobs", hue: "signal", values: STATES.map(([state]) => jobs[state] ?? 0) }],
});

/** A domain without words for its figure is still told of. */
const unknown = (name: string): Figure => ({ label: name.replaceAll("_", " "), icon: "more" });

export default function FiguresPage() {
  const { figures: known } = useHouse();
  const { data, error, refetch } = useQuery({ ...statsQuery, refetchInterval: FRESH_MS });
  if (error && !data) {
    return <Failed what="The figures can't be shown" error={error} retry={() => void refetch()} />;
  }
  if (!data) return <Skeleton what="the figures" shape="block" rows={2} />;
  const dead = data.jobs.dead ?? 0;
  return (
    <>
      <dl className={styles.figures}>
        {Object.entries(data.figures).map(([name, value]) => {
          const { label, icon, unit } = known[name] ?? unknown(name);
          return (
            <div key={name}>
              <dt>
                <Icon name={icon} size={18} />
                {label}
              </dt>
              <dd>{unit === "bytes" ? bytes(value) : count(value)}</dd>
            </div>
          );
        })}
      </dl>
      <div className={page.panel}>
        <Chart title="Jobs by state" data={jobsIn(data)} />
        {dead > 0 && (
          <p>
            <Link to="/admin/jobs">
              {dead === 1 ? "One job has died" : `${count(dead)} jobs have died`}
            </Link>
            : see why, and put them back in the queue.
          </p>
        )}
      </div>
      <p className="quiet">
        Counted <When time={data.made_at} />; jobs that are done are kept for a while only.
      </p>
    </>
  );
}
