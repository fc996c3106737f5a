/** The addresses of live shows: all projects, a project's control room, and each of its shows. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside } from "@/shell/roots";

const list = createRoute({
  getParentRoute: () => inside,
  path: "/live",
  component: lazyRouteComponent(() => import("./list/ProjectsPage")),
});

const room = createRoute({
  getParentRoute: () => inside,
  path: "/live/$projectId",
  component: lazyRouteComponent(() => import("./room/RoomPage")),
});

const show = createRoute({
  getParentRoute: () => inside,
  path: "/live/$projectId/shows/$showId",
  component: lazyRouteComponent(() => import("./show/ShowPage")),
});

export const pages = [list, room, show] as const;
