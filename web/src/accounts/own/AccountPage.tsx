/** The account's frame: its parts as tabs, each with its own address. */
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";

const PARTS = [
  { to: "/account", name: "Profile" },
  { to: "/account/security", name: "Security" },
  { to: "/account/sessions", name: "Sessions" },
  { to: "/account/tokens", name: "API tokens" },
  { to: "/account/apps", name: "App passwords" },
  { to: "/account/activity", name: "Activity" },
] as const;

export default function AccountPage() {
  const path = useLocation({ select: ({ pathname }) => pathname });
  return (
    <Page title="Account" part={PARTS.find(({ to }) => to === path)?.name}>
      <Tabs label="Account">
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
