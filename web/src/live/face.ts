/** What live shows show of themselves outside their folder. */
import type { Face } from "@/shell/face";
import { audit } from "./audit";
import { liveHearing } from "./live";
import { pages } from "./routes";

export const live = {
  name: "live",
  inside: pages,
  rail: [{ to: "/live", icon: "live", label: "Live" }],
  commands: [{ key: "live", label: "Live shows", icon: "live", run: "/live" }],
  live: liveHearing,
  audit,
  figures: {
    live_projects: { label: "Live projects", icon: "live" },
    live_destinations: { label: "Destinations", icon: "out" },
    live_now: { label: "Shows on now", icon: "live" },
  },
  scopes: [
    {
      name: "live",
      label: "Live shows",
      reads: "See live projects and how they are doing",
      writes: "Make and change live projects, their keys and destinations, stop shows",
    },
  ],
} as const satisfies Face;
