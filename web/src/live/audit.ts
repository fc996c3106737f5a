/** What people do with stream keys, in the words of the audit log. */
import { quoted, type Actions } from "@/shell/audit/words";

export const audit: Actions = {
  "live.key-show": {
    name: "Stream key shown",
    icon: "key",
    did: (_, { name }) => `looked at the stream key of${quoted(name)}`,
  },
  "live.key-renew": {
    name: "New stream key",
    icon: "key",
    did: (_, { name }) => `made a new stream key for${quoted(name)}`,
  },
};
