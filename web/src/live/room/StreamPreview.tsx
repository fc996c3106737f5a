/** What comes in, as its audience will see it: without sound until that is wanted. */
import { useEffect, useRef, useState } from "react";
import { classes } from "@/ui/classes";
import { IconButton } from "@/ui/Button";
import type { Ladder } from "../types";
import { hasSizes } from "../words";
import { playPreview, type PreviewState } from "./previewPlayer";
import styles from "./stream-preview.module.css";

const STARTING = "The preview begins with the next keyframe.";
const WAITING = "The preview has come to a halt, and is tried again.";

interface Props {
  projectId: string;
  ladder: Ladder | null;
}

export function StreamPreview({ projectId, ladder }: Props) {
  const video = useRef<HTMLVideoElement>(null);
  const [state, setState] = useState<PreviewState>({ name: "starting", words: null });
  const [size, setSize] = useState<string | null>(null);
  const [muted, setMuted] = useState(true);
  const climbs = hasSizes(ladder); // players are told which sizes there are when they begin
  useEffect(() => {
    return video.current ? playPreview(video.current, projectId, setState, setSize) : undefined;
  }, [projectId, climbs]);
  const turnSound = (on: boolean) => {
    if (video.current) video.current.muted = !on;
    setMuted(!on);
  };
  const playing = state.name === "playing";
  return (
    <section
      className={classes(styles.preview, state.name === "waiting" && styles.still)}
      aria-label="Preview"
    >
      <video
        ref={video}
        className={classes(styles.picture, !playing && styles.dark)}
        aria-label="What comes in, some seconds late"
        autoPlay
        muted
        playsInline
      />
      {state.name !== "playing" && (
        <p className={styles.words} role="status">
          {state.words ?? (state.name === "starting" ? STARTING : WAITING)}
        </p>
      )}
      {playing && size !== null && <span className={styles.size}>{size}</span>}
      {playing && (
        <span className={styles.sound}>
          <IconButton
            icon={muted ? "muted" : "volume"}
            label={muted ? "Turn the preview's sound on" : "Turn the preview's sound off"}
            onClick={() => turnSound(muted)}
          />
        </span>
      )}
    </section>
  );
}
