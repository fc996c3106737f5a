/** What accounts show of themselves outside their folder. */
import type { Face } from "@/shell/face";
import { audit } from "./audit";
import { membershipsHearing } from "./live";
import { outside, own } from "./routes";
import { signOut } from "./signOut";
import { VerifyBar } from "./VerifyBar";

export const accounts = {
  name: "accounts",
  outside,
  inside: [own],
  commands: [
    { key: "account", label: "Account", icon: "user", run: "/account" },
    {
      key: "security",
      label: "Password and second factor",
      icon: "lock",
      run: "/account/security",
    },
    { key: "sessions", label: "Sessions", icon: "computer", run: "/account/sessions" },
    { key: "tokens", label: "API tokens", icon: "key", run: "/account/tokens" },
    { key: "apps", label: "App passwords", icon: "key", run: "/account/apps" },
    { key: "activity", label: "Activity", icon: "check", run: "/account/activity" },
    { key: "out", label: "Sign out", icon: "out", last: true, run: () => void signOut() },
  ],
  you: (me) => [
    {
      key: "account",
      label: me?.name ?? "Account",
      ...(me ? { detail: me.email } : {}),
      icon: "user",
      run: "/account",
    },
    { key: "out", label: "Sign out", icon: "out", last: true, run: () => void signOut() },
  ],
  live: membershipsHearing,
  audit,
  figures: { people: { label: "People", icon: "user" } },
  scopes: [
    {
      name: "accounts",
      label: "Account",
      reads: "See your profile and storage",
      writes: "Change your name",
    },
  ],
  above: VerifyBar,
} as const satisfies Face;
