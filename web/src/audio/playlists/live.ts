/** Events about playlists: what is shown of them is read again. */
import { queryClient } from "@/api/client";
import { gathered } from "@/api/gathered";
import type { Hearing } from "@/api/live";
import { PLAYLISTS } from "./queries";

const refresh = gathered(() => void queryClient.invalidateQueries({ queryKey: PLAYLISTS }));

export const playlistsHearing: Hearing = {
  topics: ["playlists"],
  hear: { playlist: refresh },
};
