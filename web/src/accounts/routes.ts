/** The addresses of signing in, of registering, and of one's own account. */
import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { inside, root, textOf } from "@/shell/roots";
import { takeSecret } from "@/shell/secret";

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
  validateSearch: (search): { next?: string } => {
    const next = textOf(search.next);
    return next === undefined ? {} : { next };
  },
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

const account = createRoute({
  getParentRoute: () => inside,
  path: "/account",
  component: lazyRouteComponent(() => import("./own/AccountPage")),
});

const profile = createRoute({
  getParentRoute: () => account,
  path: "/",
  component: lazyRouteComponent(() => import("./own/ProfilePage")),
});

const security = createRoute({
  getParentRoute: () => account,
  path: "/security",
  component: lazyRouteComponent(() => import("./own/SecurityPage")),
});

const sessions = createRoute({
  getParentRoute: () => account,
  path: "/sessions",
  component: lazyRouteComponent(() => import("./own/SessionsPage")),
});

const tokens = createRoute({
  getParentRoute: () => account,
  path: "/tokens",
  component: lazyRouteComponent(() => import("./own/TokensPage")),
});

const apps = createRoute({
  getParentRoute: () => account,
  path: "/apps",
  component: lazyRouteComponent(() => import("./own/AppPasswordsPage")),
});

const activity = createRoute({
  getParentRoute: () => account,
  path: "/activity",
  component: lazyRouteComponent(() => import("./own/ActivityPage")),
});

export const outside = [signIn, register, setup, forgot, reset, verify] as const;

export const own = account.addChildren([profile, security, sessions, tokens, apps, activity]);
