/** The administrators' addresses; others who come here are sent home. */
import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { queryClient } from "@/api/client";
import { meQuery } from "@/api/queries";
import { inside, textOf } from "@/shell/roots";
import type { JobState } from "./types";

const admin = createRoute({
  getParentRoute: () => inside,
  path: "/admin",
  beforeLoad: async () => {
    const me = await queryClient.query({ ...meQuery, staleTime: "static" });
    if (me.role !== "admin") throw redirect({ to: "/", replace: true });
  },
  component: lazyRouteComponent(() => import("./AdminPage")),
});

const users = createRoute({
  getParentRoute: () => admin,
  path: "/",
  component: lazyRouteComponent(() => import("./UsersPage")),
});

const STATES = new Set<unknown>(["dead", "running", "queued", "done", "cancelled"]);

const figures = createRoute({
  getParentRoute: () => admin,
  path: "/figures",
  component: lazyRouteComponent(() => import("./FiguresPage")),
});

const jobs = createRoute({
  getParentRoute: () => admin,
  path: "/jobs",
  validateSearch: (search): { state?: JobState } =>
    STATES.has(search.state) ? { state: search.state as JobState } : {},
  component: lazyRouteComponent(() => import("./JobsPage")),
});

const outbox = createRoute({
  getParentRoute: () => admin,
  path: "/outbox",
  validateSearch: (search): { message?: string } => {
    const message = textOf(search.message);
    return message === undefined ? {} : { message };
  },
  component: lazyRouteComponent(() => import("./OutboxPage")),
});

const audit = createRoute({
  getParentRoute: () => admin,
  path: "/audit",
  validateSearch: (search): { action?: string; user?: string } => {
    const [action, user] = [textOf(search.action), textOf(search.user)];
    return { ...(action === undefined ? {} : { action }), ...(user === undefined ? {} : { user }) };
  },
  component: lazyRouteComponent(() => import("./AuditPage")),
});

export const administration = admin.addChildren([users, figures, jobs, outbox, audit]);
