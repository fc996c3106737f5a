/** The frame of tasks: the list, projects, the figures and the trash as tabs, each with its own address. */
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";

const PARTS = [
  { to: "/tasks", name: "List" },
  { to: "/tasks/projects", name: "Projects" },
  { to: "/tasks/statistics", name: "Statistics" },
  { to: "/tasks/trash", name: "Trash" },
] as const;

export default function TasksFrame() {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const part = PARTS.find(({ to }) => to === path);
  return (
    <Page title="Tasks" part={part?.to === "/tasks" ? undefined : part?.name}>
      <Tabs label="Tasks">
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
