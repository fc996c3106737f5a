/** The domains of this Backline, a line each. Nothing else outside their folders names them. */
import { accounts } from "./accounts/face";
import { admin } from "./admin/face";
import { audio } from "./audio/face";
import { concerts } from "./concerts/face";
import { live } from "./live/face";
import { notifications } from "./notifications/face";
import type { Face } from "./shell/face";
import { tasks } from "./tasks/face";
import { uploads } from "./uploads/face";

// In this order they stand in the rail, in the palette and on the first page.
export const DOMAINS = [
  uploads,
  audio,
  live,
  concerts,
  tasks,
  notifications,
  accounts,
  admin,
] as const satisfies readonly Face[];
