/** States, rates and advice in words. */
import { count } from "@/ui/format";
import type { Incoming, Ladder, LiveStatus, Preset, Relay, Show } from "./types";

export const PROJECT_WORDS: Record<LiveStatus["state"], string> = {
  off: "Off air",
  live: "Live",
  held: "Waiting for the encoder",
  lost: "Connection to the server lost",
  closed: "Stopped",
};

export const RELAY_WORDS: Record<Relay["state"], string> = {
  off: "Off",
  idle: "Ready",
  connecting: "Connecting",
  live: "Live",
  stalled: "Stalled",
  failed: "Failed",
};

const ENDED_WORDS: Record<NonNullable<Show["ended_by"]>, string> = {
  encoder: "The encoder stopped",
  stopped: "Stopped here",
  key: "The key was renewed",
  deleted: "The project was deleted",
  account: "The account was closed",
  server: "The server was restarted",
  lost: "The server was lost",
};

/** How long a show was, in seconds; null while it is on. */
export const lengthOf = ({ started_at, ended_at }: Show): number | null =>
  ended_at === null ? null : (Date.parse(ended_at) - Date.parse(started_at)) / 1000;

/** "The encoder stopped", "Encoder back twice". */
export const aboutShow = ({ ended_by, returns }: Show): string[] => [
  ...(ended_by === null ? [] : [ENDED_WORDS[ended_by]]),
  ...(returns === 0 ? [] : [`Encoder back ${returns === 1 ? "once" : `${returns} times`}`]),
];

/** The rung of sound alone. */
const AUDIO = "audio";

/** Whether there is a picture to change to. */
export const hasSizes = (ladder: Ladder | null) =>
  (ladder?.rungs ?? []).some((rung) => rung !== AUDIO);

/** "720p, 480p, 360p", or what they wait for. */
export function sizesOf(ladder: Ladder): string {
  if (ladder.rungs.length > 0) {
    const sizes = ladder.rungs.filter((rung) => rung !== AUDIO);
    return sizes.length > 0 ? sizes.join(", ") : "None is smaller";
  }
  if (ladder.state === "making") return "Starting";
  return ladder.place === null || ladder.place === 1
    ? "Next in the queue"
    : `Place ${ladder.place} in the queue`;
}

export const isOn = ({ state }: Pick<LiveStatus, "state">) => state !== "off" && state !== "closed";

/** 6,020 kbit/s, from 10,000 on in Mbit/s. */
export const rate = (kbps: number) =>
  kbps >= 10_000 ? `${(kbps / 1000).toFixed(1)} Mbit/s` : `${count(kbps)} kbit/s`;

export const seconds = (ms: number) => `${(ms / 1000).toFixed(ms < 9_950 ? 1 : 0)} s`;

const KEYFRAME_SLACK_MS = 500;
const RATE_SLACK = 1.05;

const listed = new Intl.ListFormat("en", { type: "conjunction" });

/** "Twitch and Kick 2 s, YouTube 4 s": those who want the same stand together. */
function grouped(wants: readonly { name: string; most: number }[], words: (most: number) => string) {
  const mosts = [...new Set(wants.map(({ most }) => most))].sort((one, other) => one - other);
  const parts = mosts.map((most) => {
    const names = new Set(wants.filter((each) => each.most === most).map(({ name }) => name));
    return `${listed.format(names)} ${words(most)}`;
  });
  return listed.format(parts);
}

/** What an encoder should change for the platforms that it goes to, a sentence or two for each. */
export function adviceFor(presets: readonly Preset[], incoming: Incoming | null): string[] {
  if (!incoming) return [];
  const { keyframe_interval_ms: interval, bitrate_kbps } = incoming;
  const advice: string[] = [];
  const rare = presets.flatMap(({ name, keyframe_s: most }) =>
    most !== null && interval !== null && interval > most * 1000 + KEYFRAME_SLACK_MS
      ? [{ name, most }]
      : [],
  );
  if (interval !== null && rare.length > 0) {
    advice.push(
      `Your encoder sends a keyframe every ${seconds(interval)}. Wanted at the latest: by ${grouped(rare, (most) => `every ${most} s`)}.`,
    );
  }
  const much = presets.flatMap(({ name, most_kbps: most }) =>
    most !== null && bitrate_kbps > most * RATE_SLACK ? [{ name, most }] : [],
  );
  if (much.length > 0) {
    advice.push(
      `Your encoder sends ${rate(bitrate_kbps)}. Taken at the most: by ${grouped(much, rate)}.`,
    );
  }
  return advice;
}
