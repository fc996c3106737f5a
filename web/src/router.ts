/** The router: which page is shown, and what happens between two of them. */
import { createRouter } from "@tanstack/react-router";
import { session } from "./api/session";
import { routes } from "./routes";
import { markArrival } from "./ui/arrival";
import { ErrorPage, NotFoundPage } from "./shell/ErrorPage";

export const router = createRouter({
  routeTree: routes,
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
