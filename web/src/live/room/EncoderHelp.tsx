/** How to set the encoder up: the server and the key to copy, and settings that every destination takes. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button, IconButton } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { CopyButton } from "@/ui/CopyButton";
import { Notice } from "@/ui/Notice";
import page from "@/ui/page.module.css";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/toasts";
import { ingestQuery } from "../queries";
import type { LiveProject } from "../types";
import { rate } from "../words";
import type { Routed } from "./useDestinations";
import type { Room } from "./useRoom";
import { useStreamKey } from "./useStreamKey";
import styles from "./encoder-help.module.css";

const USUAL_KBPS = 6_000;
const AUDIO_KBPS = 160;
const KEYFRAME_S = 2;
const HIDDEN = "••••-••••-••••-••••-••••-••••";

/** The most that all destinations that are on take as video. */
function videoRate(routed: readonly Routed[]): { kbps: number; by: string | null } {
  const bounds = routed.flatMap(({ destination, preset }) =>
    destination.enabled && preset?.most_kbps != null
      ? [{ kbps: preset.most_kbps - AUDIO_KBPS, by: preset.name }]
      : [],
  );
  return bounds.reduce<{ kbps: number; by: string | null }>(
    (least, each) => (each.kbps < least.kbps ? each : least),
    { kbps: USUAL_KBPS, by: null },
  );
}

function Key({ project, room }: { project: LiveProject; room: Room }) {
  const [renewing, setRenewing] = useState(false);
  const { shown, pending, toggle, copy, renew } = useStreamKey(project.id);
  return (
    <div className={styles.value}>
      <span className={styles.label}>Stream key</span>
      <span className={styles.line}>
        <code translate="no" className={shown === null ? styles.hidden : undefined}>
          {shown ?? HIDDEN}
        </code>
        <IconButton
          icon="eye"
          label={shown === null ? "Show the stream key" : "Hide the stream key"}
          aria-pressed={shown !== null}
          disabled={pending}
          onClick={toggle}
        />
      </span>
      <span className={styles.does}>
        <Button small icon="copy" disabled={pending} onClick={(event) => copy(event.currentTarget)}>
          Copy the key
        </Button>
        <Button small look="bare" onClick={() => setRenewing(true)}>
          New key
        </Button>
      </span>
      {renewing && (
        <ConfirmDialog
          title="Make a new stream key?"
          send="Make a new key"
          sending="Making it…"
          look="trouble"
          onClose={() => setRenewing(false)}
          confirm={async () => {
            await renew();
            setRenewing(false);
            toast({ text: "There is a new stream key. Put it into your encoder." });
          }}
        >
          The present one opens nothing any more{room.on ? ", and the show that is on ends" : ""}.
          Every encoder has to be given the new one.
        </ConfirmDialog>
      )}
    </div>
  );
}

function Server({ label, address }: { label: string; address: string }) {
  return (
    <div className={styles.value}>
      <span className={styles.label}>{label}</span>
      <code translate="no">{address}</code>
      <span className={styles.does}>
        <CopyButton small text={address}>
          Copy the server
        </CopyButton>
      </span>
    </div>
  );
}

interface Props {
  project: LiveProject;
  room: Room;
  routed: readonly Routed[];
}

export function EncoderHelp({ project, room, routed }: Props) {
  const { data: ingest } = useQuery(ingestQuery);
  const { kbps, by } = videoRate(routed);
  return (
    <section className={page.panel} aria-label="Your encoder">
      <h2>Your encoder</h2>
      <p className="quiet">
        In OBS: Settings, Stream, Service “Custom…”. Other encoders ask for the same two.
      </p>
      {!ingest && <Skeleton what="the server's address" rows={1} />}
      {ingest?.fault != null && <Notice title="It can't connect just now">{ingest.fault}</Notice>}
      {ingest?.rtmps != null && <Server label="Server" address={ingest.rtmps} />}
      {ingest?.rtmp != null && (
        <Server label={ingest.rtmps == null ? "Server" : "Server, without TLS"} address={ingest.rtmp} />
      )}
      <Key project={project} room={room} />
      <dl className={styles.settings}>
        <div>
          <dt>Rate control</dt>
          <dd>CBR</dd>
        </div>
        <div>
          <dt>Video bitrate</dt>
          <dd>
            {rate(kbps)}
            {by !== null && <small>the most that {by} takes</small>}
          </dd>
        </div>
        <div>
          <dt>Keyframe interval</dt>
          <dd>{KEYFRAME_S} s</dd>
        </div>
        <div>
          <dt>Audio</dt>
          <dd>AAC, {rate(AUDIO_KBPS)}</dd>
        </div>
      </dl>
    </section>
  );
}
