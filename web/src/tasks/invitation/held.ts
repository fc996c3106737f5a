/** The token of an invitation that was opened here. Between its link and the project may lie an
 *  account to be made and a letter to be opened, so this browser keeps it for a day. */
import { recall, remember } from "@/api/storage";
import { createStore } from "@/api/store";

const KEY = "invitation";
const KEPT_MS = 86_400_000;

function recalled(): string {
  const [until, token = ""] = (recall(KEY) ?? "").split(" ");
  return Number(until) > Date.now() ? token : "";
}

export const held = createStore(recalled());

/** Takes what stands behind the `#` of a link; false where nothing does. */
export function holdInvitation(hash: string): boolean {
  if (hash === "") return false;
  remember(KEY, `${Date.now() + KEPT_MS} ${hash}`);
  held.set(hash);
  return true;
}

/** It was used, is of no use any more, or isn't wanted. */
export function dropInvitation(): void {
  remember(KEY, null);
  held.set("");
}
