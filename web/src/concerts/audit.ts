/** What administrators do with venues, in the words of the audit log. */
import type { Actions } from "@/shell/audit/words";

export const audit: Actions = {
  "venues.forget": {
    name: "Venues asked anew",
    icon: "retry",
    did: () => "had forgotten what services said of venues",
  },
};
