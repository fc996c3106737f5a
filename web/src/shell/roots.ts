/** What every page hangs on: the root for all, and `inside` for those who are signed in. */
import { createRootRoute, createRoute, Outlet, redirect } from "@tanstack/react-router";
import { queryClient } from "@/api/client";
import { meQuery } from "@/api/queries";
import { restore } from "@/api/session";

export const root = createRootRoute({ component: Outlet });

/** Everything for those who are signed in; others are sent to sign in and come back after. Its
 *  component is the shell, which `routes.tsx` adds: the shell knows the faces, and those know this. */
export const inside = createRoute({
  getParentRoute: () => root,
  id: "in",
  beforeLoad: async ({ location }) => {
    const current = await restore();
    if (current.state !== "in") {
      const next = location.href === "/" ? {} : { next: location.href };
      throw redirect({ to: "/sign-in", search: next, replace: true });
    }
    queryClient.query(meQuery).catch(() => undefined);
  },
});

/** A parameter of an address as text, where there is one. */
export const textOf = (value: unknown) =>
  typeof value === "string" && value !== "" ? value : undefined;
