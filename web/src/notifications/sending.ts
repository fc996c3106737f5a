/** Changes go out one after another, in the order in which people made them. */
import { queryClient } from "@/api/client";
import * as turns from "@/api/turns";
import { TOLD } from "./queries";

let underWay = 0;

/** Reads again what is shown. While changes are under way, an answer would be of the time between
 *  them; the last one reads it then. */
export function reread(): void {
  if (underWay === 0) void queryClient.invalidateQueries({ queryKey: TOLD });
}

/** Sends a change when those before it are through, so that taking one back can't be overtaken. */
export async function inTurn<T>(send: () => Promise<T>): Promise<T> {
  underWay += 1;
  try {
    return await turns.inTurn("notices", send);
  } finally {
    underWay -= 1;
    reread();
  }
}
