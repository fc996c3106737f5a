/** What people do to their accounts, in the words of the audit log. */
import { quoted, type Actions } from "@/shell/audit/words";

export const audit: Actions = {
  "session.login": { name: "Sign-in", icon: "user", did: () => "signed in" },
  "session.logout": { name: "Sign-out", icon: "out", did: () => "signed out" },
  "session.revoke": {
    name: "Session ended",
    icon: "out",
    did: (whose, { count }) =>
      typeof count === "number" && count > 1
        ? `signed out ${count} others of ${whose} devices`
        : `signed out another of ${whose} devices`,
  },
  "session.reuse": {
    name: "Session key used twice",
    icon: "warning",
    by: "Backline",
    did: (whose) => `ended one of ${whose} sessions, because its key was used twice`,
  },
  "password.change": {
    name: "Password changed",
    icon: "lock",
    did: (whose) => `changed ${whose} password`,
  },
  "password.forgot": {
    name: "Password forgotten",
    icon: "mail",
    did: (whose) => `asked for a link to replace ${whose} password`,
  },
  "password.reset": {
    name: "Password reset",
    icon: "lock",
    by: "A mailed link",
    did: (whose) => `was used to replace ${whose} password`,
  },
  "email.verify": {
    name: "Address confirmed",
    icon: "mail",
    by: "A mailed link",
    did: (whose) => `was used to confirm ${whose} e-mail address`,
  },
  "totp.enable": {
    name: "Second factor on",
    icon: "lock",
    did: (whose) => `turned ${whose} second factor on`,
  },
  "totp.disable": {
    name: "Second factor off",
    icon: "lock",
    did: (whose) => `turned ${whose} second factor off`,
  },
  "totp.recovery-codes": {
    name: "New recovery codes",
    icon: "lock",
    did: () => "made new recovery codes",
  },
  "token.create": {
    name: "API token made",
    icon: "key",
    did: (_, { name }) => `made the API token${quoted(name)}`,
  },
  "token.delete": {
    name: "API token deleted",
    icon: "key",
    did: (_, { name }) => `deleted the API token${quoted(name)}`,
  },
  "app-password.create": {
    name: "App password made",
    icon: "key",
    did: (_, { name }) => `made the app password${quoted(name)}`,
  },
  "app-password.delete": {
    name: "App password revoked",
    icon: "key",
    did: (_, { name }) => `revoked the app password${quoted(name)}`,
  },
  "user.create": { name: "Account made", icon: "user", did: (whose) => `made ${whose} account` },
  "user.delete": {
    name: "Account deleted",
    icon: "trash",
    did: (whose) => `deleted ${whose} account`,
  },
};
