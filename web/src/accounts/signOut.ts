/** Signing out: the server forgets the session first, then this browser does. */
import { http } from "@/api/http";
import { signedOut } from "@/api/session";

export async function signOut(): Promise<void> {
  try {
    await http.post("/auth/logout");
  } catch {
    // Without the server the cookie stays valid there until it expires, but nobody here uses it.
  }
  signedOut("You are signed out.");
}
