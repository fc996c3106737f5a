/** The state of a control room: the project, how it is doing, and for how long. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { projectQuery, statusQuery } from "../queries";
import type { LiveStatus } from "../types";
import { isOn } from "../words";

const SECOND_MS = 1_000;

/** Now, told anew each second while that is of interest. */
function useSeconds(wanted: boolean): number {
  const [now_ms, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!wanted) return;
    const tick = () => setNow(Date.now());
    const timer = setInterval(tick, SECOND_MS);
    return () => clearInterval(timer);
  }, [wanted]);
  return now_ms;
}

export interface Room {
  status: LiveStatus;
  on: boolean;
  /** Milliseconds since 1970, a second old at most while the show is on. */
  now_ms: number;
  /** How long the show has been on, and how long its destinations will still wait, in seconds. */
  on_s: number | null;
  held_s: number | null;
}

export function useRoom(id: string) {
  const project = useQuery(projectQuery(id));
  const { data } = useQuery(statusQuery(id));
  const status: LiveStatus = data ?? {
    project_id: id,
    state: "off",
    show_id: null,
    started_at: null,
    held_until: null,
    incoming: null,
    relays: [],
    ladder: null,
  };
  const on = isOn(status);
  const now_ms = useSeconds(on);
  const since = (time: string | null | undefined) =>
    time == null ? null : Math.max(0, (now_ms - Date.parse(time)) / 1000);
  const until = (time: string | null | undefined) =>
    time == null ? null : Math.max(0, (Date.parse(time) - now_ms) / 1000);
  const room: Room = {
    status,
    on,
    now_ms,
    on_s: since(status.started_at),
    held_s: until(status.held_until),
  };
  return { project, room };
}
