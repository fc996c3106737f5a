/** What comes in: whether it is live, its level and figures, and the button that stops it. */
import { useState } from "react";
import { Button } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { classes } from "@/ui/classes";
import { atHour, clock, spokenTime } from "@/ui/format";
import { Meter } from "@/ui/Meter";
import { Notice } from "@/ui/Notice";
import { reopen, stopShow } from "../projects";
import type { Incoming, Ladder, LiveProject } from "../types";
import { adviceFor, PROJECT_WORDS, rate, seconds, sizesOf } from "../words";
import type { Routed } from "./useDestinations";
import type { Room } from "./useRoom";
import styles from "./stream-controls.module.css";

const FULL_KBPS = 10_000;

function Facts({ incoming, ladder }: { incoming: Incoming; ladder: Ladder | null }) {
  const { width, height, fps, keyframe_interval_ms, video, audio, drift_ms } = incoming;
  const facts: [string, string | null][] = [
    ["Picture", width !== null && height !== null ? `${width} × ${height}` : null],
    ["Frames", fps > 0 ? `${Math.round(fps)} a second` : null],
    ["Keyframes", keyframe_interval_ms === null ? null : `every ${seconds(keyframe_interval_ms)}`],
    ["Codecs", [video, audio].filter((each) => each !== null).join(", ") || null],
    ["Sound", drift_ms === null ? null : `${drift_ms > 0 ? "+" : drift_ms < 0 ? "−" : ""}${Math.abs(drift_ms)} ms`],
    ["Smaller previews", ladder && sizesOf(ladder)],
  ];
  return (
    <dl className={styles.facts}>
      {facts.map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

function Words({ project, room: { status, held_s } }: { project: LiveProject; room: Room }) {
  switch (status.state) {
    case "off":
      return <p className="quiet">Nothing comes in. Start streaming in your encoder, and it begins.</p>;
    case "held":
      return (
        <p>
          The encoder dropped out. Destinations are held for {clock(held_s ?? 0)} more; if it comes
          back by then, the show goes on.
        </p>
      );
    case "lost":
      return (
        <p>
          The server that had this show is silent. Once your encoder connects again, the show goes
          on.
        </p>
      );
    case "closed":
      return (
        <p>
          You stopped the show, and the stream key opens nothing
          {project.closed_until !== null && ` until ${atHour(project.closed_until)}`}: an encoder that
          connects again by itself doesn’t begin it anew.
        </p>
      );
    default:
      return null;
  }
}

function Stop({ project, onClose }: { project: LiveProject; onClose: () => void }) {
  return (
    <ConfirmDialog
      title="Stop the show?"
      send="Stop the show"
      sending="Stopping…"
      look="trouble"
      onClose={onClose}
      confirm={async () => {
        await stopShow(project.id);
        onClose();
      }}
    >
      It ends at every destination. Your encoder can’t begin again for 15 minutes, unless you let it.
      To end the show as planned, rather stop streaming in your encoder.
    </ConfirmDialog>
  );
}

interface Props {
  project: LiveProject;
  room: Room;
  routed: readonly Routed[];
}

export function StreamControls({ project, room, routed }: Props) {
  const [stopping, setStopping] = useState(false);
  const { status, on, on_s } = room;
  const { state, incoming } = status;
  const kbps = incoming?.bitrate_kbps ?? 0;
  const presets = routed.flatMap(({ destination, preset }) =>
    destination.enabled && preset ? [preset] : [],
  );
  const advice = state === "live" ? adviceFor(presets, incoming) : [];
  const level = state === "live" ? rate(kbps) : "no signal";
  return (
    <section className={styles.controls} aria-label="Stream">
      <header className={styles.head}>
        <h2 className={classes(styles.state, styles[`state-${state}`])} aria-live="polite">
          {PROJECT_WORDS[state]}
        </h2>
        {on && on_s !== null && (
          <span className={styles.time} role="timer" aria-label={`On for ${spokenTime(on_s)}`}>
            {clock(on_s)}
          </span>
        )}
        <span className={styles.actions}>
          {on && (
            <Button look="trouble" icon="stop" onClick={() => setStopping(true)}>
              Stop
            </Button>
          )}
          {state === "closed" && (
            <Button look="signal" icon="play" onClick={() => void reopen(project.id)}>
              Let the encoder in again
            </Button>
          )}
        </span>
      </header>
      <div className={styles.level}>
        <Meter
          label="What comes in"
          level={state === "live" ? kbps / FULL_KBPS : 0}
          text={level}
          size="bridge"
        />
        <span className={styles.rate}>{level}</span>
      </div>
      <Words project={project} room={room} />
      {state === "live" && incoming && <Facts incoming={incoming} ladder={status.ladder} />}
      {[...advice, ...(state === "live" ? (incoming?.notices ?? []) : [])].map((notice) => (
        <Notice key={notice} tone="plain">
          {notice}
        </Notice>
      ))}
      {stopping && <Stop project={project} onClose={() => setStopping(false)} />}
    </section>
  );
}
