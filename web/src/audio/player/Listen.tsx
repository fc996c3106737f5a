/** A track to play and to seek in, on a page of its own. */
import { useStore } from "@/api/store";
import { IconButton } from "@/ui/Button";
import type { Track } from "../types";
import { playTrack, seek, toggle } from "./player";
import { player, playhead } from "./state";
import { Waveform } from "./Waveform";
import styles from "./listen.module.css";

export function Listen({ track }: { track: Track }) {
  const { track: current, status } = useStore(player);
  const { position_s } = useStore(playhead);
  const here = current?.id === track.id;
  const on = here && (status === "playing" || status === "loading");
  const start = () => (here ? toggle() : playTrack(track, [track]));
  return (
    <div className={styles.listen}>
      <IconButton
        strong
        icon={on ? "pause" : "play"}
        label={on ? "Pause" : `Play ${track.title}`}
        size={22}
        onClick={start}
      />
      <Waveform
        trackId={track.id}
        via={track.via}
        label={`Position in ${track.title}, on its page`}
        position_s={here ? position_s : 0}
        duration_s={(track.duration_ms ?? 0) / 1000}
        tall
        onSeek={(to_s) => {
          if (!here) playTrack(track, [track], null, to_s);
          else seek(to_s);
        }}
      />
    </div>
  );
}
