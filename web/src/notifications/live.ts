/** Events about what one is told, poured into the query cache. */
import { queryClient } from "@/api/client";
import { gathered } from "@/api/gathered";
import type { Hearing } from "@/api/live";
import { settingsQuery } from "./queries";
import { reread } from "./sending";

const news = gathered(reread);

export const hearing: Hearing = {
  topics: ["notifications"],
  hear: {
    notice: news,
    "notice-settings": () =>
      void queryClient.invalidateQueries({ queryKey: settingsQuery.queryKey }),
  },
};
