/** Every address of the program and the page that answers it. Pages are fetched when first shown. */
import {
  createRootRoute,
  createRoute,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { queryClient } from "./api/client";
import { meQuery } from "./api/queries";
import { restore } from "./api/session";
import { takeSecret } from "./auth/secret";
import type { JobState, TrackSort } from "./api/types";
import { NotFoundPage } from "./shell/ErrorPage";
import { Shell } from "./shell/Shell";

const root = createRootRoute({ component: Outlet });

const textOf = (value: unknown) => (typeof value === "string" && value !== "" ? value : undefined);

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search): { next?: string; email?: string } => {
    const [next, email] = [textOf(search.next), textOf(search.email)];
    return { ...(next === undefined ? {} : { next }), ...(email === undefined ? {} : { email }) };
  },
  component: lazyRouteComponent(() => import("./auth/SignInPage")),
});

const register = createRoute({
  getParentRoute: () => root,
  path: "/register",
  component: lazyRouteComponent(() => import("./auth/RegisterPage")),
});

/** Takes the one-time secret off the address at once, before anything is fetched. */
const taking =
  (to: "/setup" | "/reset" | "/verify") =>
  ({ location }: { location: { hash: string } }) => {
    if (takeSecret(location.hash)) throw redirect({ to, hash: "", replace: true });
  };

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  beforeLoad: taking("/setup"),
  component: lazyRouteComponent(() => import("./auth/SetupPage")),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot",
  validateSearch: (search): { email?: string } => {
    const email = textOf(search.email);
    return email === undefined ? {} : { email };
  },
  component: lazyRouteComponent(() => import("./auth/ForgotPage")),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset",
  beforeLoad: taking("/reset"),
  component: lazyRouteComponent(() => import("./auth/ResetPage")),
});

const verify = createRoute({
  getParentRoute: () => root,
  path: "/verify",
  beforeLoad: taking("/verify"),
  component: lazyRouteComponent(() => import("./auth/VerifyPage")),
});

/** Everything for those who are signed in; others are sent to sign in and come back after. */
const inside = createRoute({
  getParentRoute: () => root,
  id: "in",
  component: Shell,
  beforeLoad: async ({ location }) => {
    const current = await restore();
    if (current.state !== "in") {
      const next = location.href === "/" ? {} : { next: location.href };
      throw redirect({ to: "/sign-in", search: next, replace: true });
    }
    queryClient.query(meQuery).catch(() => undefined);
  },
});

const home = createRoute({
  getParentRoute: () => inside,
  path: "/",
  component: lazyRouteComponent(() => import("./home/HomePage")),
});

const SORTS = new Set<unknown>(["-created_at", "created_at", "title", "artist", "album"]);

const library = createRoute({
  getParentRoute: () => inside,
  path: "/library",
  validateSearch: (search): { q?: string; sort?: TrackSort } => {
    const q = textOf(search.q);
    const { sort } = search;
    return {
      ...(q === undefined ? {} : { q }),
      ...(SORTS.has(sort) ? { sort: sort as TrackSort } : {}),
    };
  },
  component: lazyRouteComponent(() => import("./library/LibraryPage")),
});

const track = createRoute({
  getParentRoute: () => inside,
  path: "/tracks/$trackId",
  component: lazyRouteComponent(() => import("./library/TrackPage")),
});

const playing = createRoute({
  getParentRoute: () => inside,
  path: "/playing",
  component: lazyRouteComponent(() => import("./player/PlayingPage")),
});

const account = createRoute({
  getParentRoute: () => inside,
  path: "/account",
  component: lazyRouteComponent(() => import("./account/AccountPage")),
});

const profile = createRoute({
  getParentRoute: () => account,
  path: "/",
  component: lazyRouteComponent(() => import("./account/ProfilePage")),
});

const security = createRoute({
  getParentRoute: () => account,
  path: "/security",
  component: lazyRouteComponent(() => import("./account/SecurityPage")),
});

const sessions = createRoute({
  getParentRoute: () => account,
  path: "/sessions",
  component: lazyRouteComponent(() => import("./account/SessionsPage")),
});

const tokens = createRoute({
  getParentRoute: () => account,
  path: "/tokens",
  component: lazyRouteComponent(() => import("./account/TokensPage")),
});

const activity = createRoute({
  getParentRoute: () => account,
  path: "/activity",
  component: lazyRouteComponent(() => import("./account/ActivityPage")),
});

const admin = createRoute({
  getParentRoute: () => inside,
  path: "/admin",
  beforeLoad: async () => {
    const me = await queryClient.query({ ...meQuery, staleTime: "static" });
    if (me.role !== "admin") throw redirect({ to: "/", replace: true });
  },
  component: lazyRouteComponent(() => import("./admin/AdminPage")),
});

const users = createRoute({
  getParentRoute: () => admin,
  path: "/",
  component: lazyRouteComponent(() => import("./admin/UsersPage")),
});

/** Whatever else: said inside the shell, so that there is a way on. */
const nowhere = createRoute({
  getParentRoute: () => inside,
  path: "$",
  component: NotFoundPage,
});

const STATES = new Set<unknown>(["dead", "running", "queued", "done", "cancelled"]);

const jobs = createRoute({
  getParentRoute: () => admin,
  path: "/jobs",
  validateSearch: (search): { state?: JobState } =>
    STATES.has(search.state) ? { state: search.state as JobState } : {},
  component: lazyRouteComponent(() => import("./admin/JobsPage")),
});

const outbox = createRoute({
  getParentRoute: () => admin,
  path: "/outbox",
  validateSearch: (search): { message?: string } => {
    const message = textOf(search.message);
    return message === undefined ? {} : { message };
  },
  component: lazyRouteComponent(() => import("./admin/OutboxPage")),
});

const audit = createRoute({
  getParentRoute: () => admin,
  path: "/audit",
  validateSearch: (search): { action?: string; user?: string } => {
    const [action, user] = [textOf(search.action), textOf(search.user)];
    return { ...(action === undefined ? {} : { action }), ...(user === undefined ? {} : { user }) };
  },
  component: lazyRouteComponent(() => import("./admin/AuditPage")),
});

export const routes = root.addChildren([
  signIn,
  register,
  setup,
  forgot,
  reset,
  verify,
  inside.addChildren([
    home,
    library,
    track,
    playing,
    account.addChildren([profile, security, sessions, tokens, activity]),
    admin.addChildren([users, jobs, outbox, audit]),
    nowhere,
  ]),
]);
