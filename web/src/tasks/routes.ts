/** The addresses of tasks: the list, projects with boards, lists and members, the trash, the figures, one
 *  task; and the one that an invitation leads to. */
import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { inside, root } from "@/shell/roots";
import { readFilter } from "./filter";
import { holdInvitation } from "./invitation/held";

const frame = createRoute({
  getParentRoute: () => inside,
  path: "/tasks",
  component: lazyRouteComponent(() => import("./TasksFrame")),
});

const list = createRoute({
  getParentRoute: () => frame,
  path: "/",
  validateSearch: readFilter,
  component: lazyRouteComponent(() => import("./list/ListPage")),
});

const trash = createRoute({
  getParentRoute: () => frame,
  path: "/trash",
  component: lazyRouteComponent(() => import("./trash/TrashPage")),
});

const statistics = createRoute({
  getParentRoute: () => frame,
  path: "/statistics",
  component: lazyRouteComponent(() => import("./stats/StatisticsPage")),
});

const projects = createRoute({
  getParentRoute: () => frame,
  path: "/projects",
  component: lazyRouteComponent(() => import("./projects/ProjectsPage")),
});

const board = createRoute({
  getParentRoute: () => inside,
  path: "/tasks/projects/$projectId",
  component: lazyRouteComponent(() => import("./board/BoardPage")),
});

const projectList = createRoute({
  getParentRoute: () => inside,
  path: "/tasks/projects/$projectId/list",
  validateSearch: readFilter,
  component: lazyRouteComponent(() => import("./projects/ProjectListPage")),
});

const members = createRoute({
  getParentRoute: () => inside,
  path: "/tasks/projects/$projectId/members",
  component: lazyRouteComponent(() => import("./members/MembersPage")),
});

const invitation = createRoute({
  getParentRoute: () => root,
  path: "/invitation",
  beforeLoad: ({ location }) => {
    if (holdInvitation(location.hash)) {
      throw redirect({ to: "/invitation", hash: "", replace: true });
    }
  },
  component: lazyRouteComponent(() => import("./invitation/InvitationPage")),
});

const task = createRoute({
  getParentRoute: () => inside,
  path: "/tasks/$taskId",
  component: lazyRouteComponent(() => import("./detail/TaskPage")),
});

export const outside = [invitation] as const;

export const pages = [
  frame.addChildren([list, projects, trash, statistics]),
  board,
  projectList,
  members,
  task,
] as const;
