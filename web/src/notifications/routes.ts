/** The addresses of notifications: what one is told, how, and the link in letters that ends them. */
import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { inside, root } from "@/shell/roots";
import { takeSecret } from "@/shell/secret";

const unsubscribe = createRoute({
  getParentRoute: () => root,
  path: "/unsubscribe",
  beforeLoad: ({ location }) => {
    if (takeSecret(location.hash)) throw redirect({ to: "/unsubscribe", hash: "", replace: true });
  },
  component: lazyRouteComponent(() => import("./letters/UnsubscribePage")),
});

const frame = createRoute({
  getParentRoute: () => inside,
  path: "/notifications",
  component: lazyRouteComponent(() => import("./NotificationsFrame")),
});

const all = createRoute({
  getParentRoute: () => frame,
  path: "/",
  component: lazyRouteComponent(() => import("./list/AllPage")),
});

const unread = createRoute({
  getParentRoute: () => frame,
  path: "/unread",
  component: lazyRouteComponent(() => import("./list/UnreadPage")),
});

const settings = createRoute({
  getParentRoute: () => frame,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings/SettingsPage")),
});

export const outside = [unsubscribe] as const;

export const pages = [frame.addChildren([all, unread, settings])] as const;
