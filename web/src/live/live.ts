/** Events about live shows poured into the query cache, so that every page shows what is true now. */
import { queryClient } from "@/api/client";
import { gathered } from "@/api/gathered";
import type { Hearing } from "@/api/live";
import {
  destinationsQuery,
  graphsKey,
  ingestQuery,
  projectQuery,
  projectsQuery,
  showsQuery,
  statusesQuery,
  statusQuery,
} from "./queries";
import type { LiveStatus } from "./types";

const changed = new Set<string>();

const refresh = gathered(() => {
  const ids = [...changed];
  changed.clear();
  for (const id of ids) {
    for (const { queryKey } of [projectQuery(id), destinationsQuery(id), showsQuery(id)]) {
      void queryClient.invalidateQueries({ queryKey });
    }
    void queryClient.invalidateQueries({ queryKey: graphsKey(id) });
  }
  for (const { queryKey } of [projectsQuery, ingestQuery]) {
    void queryClient.invalidateQueries({ queryKey });
  }
});

/** A show begins and ends in the blink of an eye: that isn't gathered. */
function onProject({ id }: { id: string }): void {
  changed.add(id);
  refresh();
  void queryClient.invalidateQueries({ queryKey: statusQuery(id).queryKey });
  void queryClient.invalidateQueries({ queryKey: statusesQuery.queryKey });
}

/** The holder of the show tells the whole of it, once a second. */
function onStatus(status: LiveStatus): void {
  const { project_id } = status;
  const { queryKey } = statusQuery(project_id);
  if (queryClient.getQueryData(queryKey)) queryClient.setQueryData(queryKey, status);
  queryClient.setQueryData(
    statusesQuery.queryKey,
    (page) =>
      page && {
        ...page,
        items: page.items.map((each) => (each.project_id === project_id ? status : each)),
      },
  );
}

export const liveHearing: Hearing = {
  topics: ["live"],
  hear: { "live-project": onProject, "live-status": onStatus },
};
