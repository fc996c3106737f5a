/** The addresses of live shows: all projects, and a project's control room. */
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

export const pages = [list, room] as const;
