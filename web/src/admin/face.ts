/** What the administrators' pages show of themselves outside their folder. */
import type { Face } from "@/shell/face";
import { audit } from "./audit";
import { jobsHearing } from "./live";
import { administration } from "./routes";

export const admin = {
  name: "admin",
  inside: [administration],
  rail: [{ to: "/admin", icon: "admin", label: "Admin", adminOnly: true }],
  commands: [
    { key: "admin", label: "Administration", icon: "admin", adminOnly: true, run: "/admin" },
    { key: "figures", label: "Figures", icon: "admin", adminOnly: true, run: "/admin/figures" },
    { key: "jobs", label: "Jobs", icon: "retry", adminOnly: true, run: "/admin/jobs" },
    { key: "outbox", label: "Outbox", icon: "mail", adminOnly: true, run: "/admin/outbox" },
    { key: "audit", label: "Audit log", icon: "search", adminOnly: true, run: "/admin/audit" },
  ],
  live: jobsHearing,
  audit,
  scopes: [
    {
      name: "platform",
      label: "Jobs",
      reads: "Follow progress and events",
      writes: "Cancel what runs for you",
    },
    {
      name: "admin",
      label: "Administration",
      reads: "See users, jobs and the audit log",
      writes: "Change them",
      adminOnly: true,
    },
  ],
} as const satisfies Face;
