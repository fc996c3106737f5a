/**
 * The secret of a link. It stands in the fragment, which browsers never send; it is taken
 * off the address before the page is even fetched, and kept here until it is used.
 */
import { createStore } from "@/api/store";

export const secret = createStore("");

/** True when there was one, and the address needs cleaning. */
export function takeSecret(hash: string): boolean {
  if (hash === "") return false;
  secret.set(hash);
  return true;
}
