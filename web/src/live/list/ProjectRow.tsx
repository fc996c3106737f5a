/** One project in the list: its name, whether it is on the air, and how its destinations do. */
import { Link } from "@tanstack/react-router";
import { classes } from "@/ui/classes";
import { Icon } from "@/ui/Icon";
import { Lamp } from "@/ui/Lamp";
import rows from "@/ui/rows.module.css";
import { When } from "@/ui/When";
import type { LiveProject, LiveStatus } from "../types";
import { isOn, PROJECT_WORDS, rate } from "../words";
import styles from "./projects.module.css";

function relayed({ relays }: LiveStatus): string {
  const wanted = relays.filter(({ state }) => state !== "off");
  const live = wanted.filter(({ state }) => state === "live");
  if (wanted.length === 0) return "Relayed nowhere";
  return `${live.length} of ${wanted.length} destinations live`;
}

interface Props {
  project: LiveProject;
  status: LiveStatus | undefined;
}

export function ProjectRow({ project, status }: Props) {
  const { id, name, created_at } = project;
  const state = status?.state ?? "off";
  const on = isOn({ state });
  return (
    <li className={classes(rows.row, styles.row)}>
      <span className={classes(rows.rowSign, on && styles.onAir)}>
        <Icon name="live" />
      </span>
      <span className={rows.rowWords}>
        <span className={rows.rowName}>
          <Link to="/live/$projectId" params={{ projectId: id }} className={styles.name}>
            {name}
          </Link>
        </span>
        <span className={rows.rowMore}>
          {status && on ? (
            <>
              <span>{relayed(status)}</span>
              {status.incoming && <span>{rate(status.incoming.bitrate_kbps)}</span>}
              {status.started_at !== null && (
                <span>
                  Began <When time={status.started_at} />
                </span>
              )}
            </>
          ) : (
            <span>
              Made <When time={created_at} />
            </span>
          )}
        </span>
      </span>
      <span className={styles.state}>
        <Lamp lit={on} tone={state === "live" ? "signal" : "trouble"} />
        {PROJECT_WORDS[state]}
      </span>
    </li>
  );
}
