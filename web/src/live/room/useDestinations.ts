/** The state of the list of destinations: each with its platform and how it is doing. */
import { useQuery } from "@tanstack/react-query";
import { destinationsQuery, presetsQuery } from "../queries";
import type { Destination, LiveStatus, Preset, Relay } from "../types";
import { isOn } from "../words";

export interface Routed {
  destination: Destination;
  preset: Preset | undefined;
  relay: Relay;
}

const quiet = (id: string, state: Relay["state"]): Relay => ({
  id,
  state,
  reason: null,
  last_error: null,
  retry_at: null,
  bitrate_kbps: 0,
  lag_ms: 0,
  dropped_frames: 0,
  reconnects: 0,
  live_for_s: 0,
});

/** What is switched here is seen at once, whatever the relay last said. */
function relayOf({ id, enabled }: Destination, status: LiveStatus): Relay {
  const told = isOn(status) ? status.relays.find((relay) => relay.id === id) : undefined;
  if (!enabled) return quiet(id, "off");
  if (!told || told.state === "off") return quiet(id, isOn(status) ? "connecting" : "idle");
  return told;
}

export function useDestinations(projectId: string, status: LiveStatus) {
  const { data, error, refetch } = useQuery(destinationsQuery(projectId));
  const { data: presets } = useQuery(presetsQuery);
  const routed = data?.items.map(
    (destination): Routed => ({
      destination,
      preset: presets?.items.find(({ id }) => id === destination.preset),
      relay: relayOf(destination, status),
    }),
  );
  return { routed, presets: presets?.items ?? [], error, refetch };
}
