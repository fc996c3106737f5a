/** The frame of notifications: all of them, the unread, and the settings as tabs. */
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";

const PARTS = [
  { to: "/notifications", name: "All" },
  { to: "/notifications/unread", name: "Unread" },
  { to: "/notifications/settings", name: "Settings" },
] as const;

export default function NotificationsFrame() {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const part = PARTS.find(({ to }) => to === path);
  return (
    <Page title="Notifications" part={part?.to === "/notifications" ? undefined : part?.name}>
      <Tabs label="Notifications">
        {PARTS.map(({ to, name }) => (
          <Link key={to} to={to} activeOptions={{ exact: true }}>
            {name}
          </Link>
        ))}
      </Tabs>
      <Outlet />
    </Page>
  );
}
