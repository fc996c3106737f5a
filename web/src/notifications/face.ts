/** What notifications show of themselves outside their folder. */
import type { Face } from "@/shell/face";
import { hearing } from "./live";
import { outside, pages } from "./routes";
import { useUnread } from "./useUnread";

export const notifications = {
  name: "notifications",
  outside,
  inside: pages,
  rail: [
    { to: "/notifications", icon: "bell", label: "Notices", own: true, useNew: useUnread },
  ],
  commands: [
    { key: "notifications", label: "Notifications", icon: "bell", run: "/notifications" },
    {
      key: "notification-settings",
      label: "Notification settings",
      icon: "bell",
      run: "/notifications/settings",
    },
  ],
  you: () => [
    {
      key: "notification-settings",
      label: "Notifications",
      icon: "bell",
      run: "/notifications/settings",
    },
  ],
  live: hearing,
  figures: { notices: { label: "Notices", icon: "bell" } },
  scopes: [
    {
      name: "notifications",
      label: "Notifications",
      reads: "List what you are told, and how",
      writes: "Mark and delete notices, choose how you are told",
    },
  ],
} as const satisfies Face;
