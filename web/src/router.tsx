/** Every address of the program and the page that answers it. Pages are fetched when first shown. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from "@tanstack/react-router";
import { queryClient } from "./api/client";
import { meQuery } from "./api/queries";
import { restore, session } from "./api/session";
import type { JobState, TrackSort } from "./api/types";
import { markArrival } from "./shell/arrival";
import { ErrorPage, NotFoundPage } from "./shell/ErrorPage";
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

const setup = createRoute({
  getParentRoute: () => root,
  path: "/setup",
  component: lazyRouteComponent(() => import("./auth/SetupPage")),
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

export const router = createRouter({
  routeTree: root.addChildren([
    signIn,
    register,
    setup,
    inside.addChildren([
      home,
      library,
      track,
      playing,
      account,
      admin.addChildren([users, jobs]),
      nowhere,
    ]),
  ]),
  defaultPreload: "intent",
  defaultErrorComponent: ErrorPage,
  defaultNotFoundComponent: NotFoundPage,
  scrollRestoration: true,
});

router.subscribe("onBeforeNavigate", ({ fromLocation, pathChanged }) => {
  if (fromLocation && pathChanged) markArrival();
});

session.subscribe(() => {
  if (session.get().state === "out") void router.invalidate();
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
