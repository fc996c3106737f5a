/** What floats over every page: tracks that are added to a playlist, and a track that is shared. */
import { AddTo } from "./playlists/AddToDialog";
import { ShareTrack } from "./shares/ShareTrackDialog";

export function Over() {
  return (
    <>
      <AddTo />
      <ShareTrack />
    </>
  );
}
