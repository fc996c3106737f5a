/** Tells the server what was played: once half of a track was heard, or four minutes of it.
 *
 *  What can't be told yet waits in this browser, and is told again until it arrives; each play has a
 *  key of its own, by which it counts once however often it is told.
 */
import { queryClient } from "@/api/client";
import { onBack } from "@/api/connection";
import { http } from "@/api/http";
import { Problem } from "@/api/problem";
import { session } from "@/api/session";
import { recall, remember } from "@/api/storage";
import { player, playhead } from "../player/state";
import { heard, type Heard } from "./heard";

interface Told {
  track_id: string;
  key: string;
  started_at: string;
  played_ms: number;
}

const WAITING = "plays";
const MOST_WAITING = 100;

let now: Heard | null = null;
let telling = false;

function waiting(): Told[] {
  try {
    return JSON.parse(recall(WAITING) ?? "[]") as Told[];
  } catch {
    return [];
  }
}

const keep = (plays: readonly Told[]) =>
  remember(WAITING, plays.length === 0 ? null : JSON.stringify(plays.slice(-MOST_WAITING)));

/** Whether asking once more is of no use: it was refused, and will be. */
const isFinal = (error: unknown) =>
  error instanceof Problem && error.status >= 400 && error.status < 500 && error.status !== 429
  && error.status !== 401;

async function tellAll(): Promise<void> {
  if (telling || session.get().state !== "in") return;
  telling = true;
  try {
    for (let [next] = waiting(); next !== undefined; [next] = waiting()) {
      const { key } = next;
      try {
        await http.post("/plays", next);
      } catch (error) {
        if (!isFinal(error)) return;
      }
      keep(waiting().filter((each) => each.key !== key));
    }
    await queryClient.invalidateQueries({ queryKey: ["history"] });
  } finally {
    telling = false;
  }
}

function follow(): void {
  const { track, status } = player.get();
  const { position_s, duration_s } = playhead.get();
  const own = track?.via === undefined ? track : null;
  const next = heard(now, own?.id ?? null, position_s, status === "playing");
  const enough = next?.isEnough(duration_s) === true;
  now = next;
  if (!next || !enough || next.told) return;
  next.told = true;
  const { trackId: track_id, key, started_at, heard_s } = next;
  keep([...waiting(), { track_id, key, started_at, played_ms: Math.ceil(heard_s * 1000) }]);
  void tellAll();
}

/** Follows the player from now on. */
export function startTelling(): void {
  playhead.subscribe(follow);
  onBack(() => void tellAll());
  session.subscribe(() => void tellAll());
}
