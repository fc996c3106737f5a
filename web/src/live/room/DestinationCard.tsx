/** One destination: its state, its level, what went wrong last, and what can be done about it. */
import { Button } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { clock, count } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { Meter } from "@/ui/Meter";
import { Switch } from "@/ui/Switch";
import { remove, retry, turn } from "../destinations";
import type { Relay } from "../types";
import { rate, RELAY_WORDS, seconds } from "../words";
import type { Routed } from "./useDestinations";
import type { Room } from "./useRoom";
import styles from "./destinations.module.css";

/** Where dropping begins, and the meter's red with it. */
const CLIPS_MS = 900;
const FULL_MS = 1_500;

const hostOf = (url: string) => url.replace(/^\w+:\/\//, "").replace(/[:/?].*$/, "");

function Figures({ relay }: { relay: Relay }) {
  const { bitrate_kbps, lag_ms, dropped_frames, reconnects, live_for_s } = relay;
  return (
    <>
      <div className={styles.lag}>
        <Meter
          label="Lag"
          level={lag_ms / FULL_MS}
          clipsAt={CLIPS_MS / FULL_MS}
          text={`${seconds(lag_ms)} behind`}
        />
        <span>{lag_ms < 100 ? "No lag" : `${seconds(lag_ms)} behind`}</span>
      </div>
      <p className={styles.figures}>
        <span>{rate(bitrate_kbps)}</span>
        <span>for {clock(live_for_s)}</span>
        {dropped_frames > 0 && <span>{count(dropped_frames)} frames dropped</span>}
        {reconnects > 0 && (
          <span>
            {count(reconnects)} {reconnects === 1 ? "reconnect" : "reconnects"}
          </span>
        )}
      </p>
    </>
  );
}

/** What is said under the name; null where the state says it all. */
function wordsOf({ state, reason, last_error, retry_at }: Relay, now_ms: number): string | null {
  const said = reason ?? last_error;
  if (state === "connecting" && said !== null) {
    const wait_s = retry_at === null ? 0 : Math.ceil((Date.parse(retry_at) - now_ms) / 1000);
    return wait_s > 0 ? `${said} Next try in ${wait_s} s.` : said;
  }
  if (state === "stalled") return said ?? "It has taken nothing for a while.";
  if (state === "failed") return said ?? "It can't be reached.";
  return null;
}

interface Props extends Routed {
  room: Room;
  onEdit: () => void;
}

export function DestinationCard({ destination, preset, relay, room, onEdit }: Props) {
  const { name, url, enabled } = destination;
  const { state } = relay;
  const bad = state === "failed" || state === "stalled";
  const words = wordsOf(relay, room.now_ms);
  return (
    <li className={classes(styles.card, bad && styles.cardBad)} aria-label={name}>
      <header className={styles.cardHead}>
        <span className={styles.cardName}>
          <strong>{name}</strong>
          <small>{preset ? `${preset.name} · ${hostOf(url)}` : hostOf(url)}</small>
        </span>
        <Switch
          label={`Relay to ${name}`}
          checked={enabled}
          onChange={(next) => void turn(destination, next)}
        />
        <Menu
          label={`Actions for ${name}`}
          items={[
            { key: "edit", label: "Change", icon: "edit", run: onEdit },
            {
              key: "remove",
              label: "Remove",
              icon: "trash",
              trouble: true,
              run: () => void remove(destination),
            },
          ]}
        >
          <Icon name="more" />
        </Menu>
      </header>
      <p className={classes(styles.state, styles[`state-${state}`])} aria-live="polite">
        {RELAY_WORDS[state]}
      </p>
      {(state === "live" || state === "stalled") && <Figures relay={relay} />}
      {words !== null && (
        <p className={classes(styles.words, bad && styles.wordsBad)}>
          {bad && <Icon name="warning" size={18} />}
          <span>{words}</span>
        </p>
      )}
      {room.on && (bad || (state === "connecting" && words !== null)) && (
        <Button small icon="retry" onClick={() => void retry(destination)}>
          Try again now
        </Button>
      )}
    </li>
  );
}
