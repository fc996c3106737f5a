/** The administrator's frame: its parts as tabs, each with its own address. */
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";

const PARTS = [
  { to: "/admin", name: "Users" },
  { to: "/admin/figures", name: "Figures" },
  { to: "/admin/jobs", name: "Jobs" },
  { to: "/admin/outbox", name: "Outbox" },
  { to: "/admin/audit", name: "Audit" },
] as const;

export default function AdminPage() {
  const path = useLocation({ select: ({ pathname }) => pathname });
  return (
    <Page title="Administration" part={PARTS.find(({ to }) => to === path)?.name}>
      <Tabs label="Administration">
        {PARTS.map(({ to, name }) => (
          <Link key={to} to={to} activeOptions={{ exact: true, includeSearch: false }}>
            {name}
          </Link>
        ))}
      </Tabs>
      <Outlet />
    </Page>
  );
}
