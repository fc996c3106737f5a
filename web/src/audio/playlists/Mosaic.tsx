/** Four covers of what is in a playlist, each once; fewer than four: the first alone. */
import { Icon } from "@/ui/Icon";
import { classes } from "@/ui/classes";
import type { Entry } from "../types";
import styles from "./playlists.module.css";

const TILES = 4;

export function Mosaic({ entries }: { entries: readonly Entry[] }) {
  const urls = new Set<string>();
  const albums = new Set<string>();
  for (const { track } of entries) {
    const album = track?.album_id ?? track?.id ?? "";
    if (!track?.cover || albums.has(album)) continue;
    albums.add(album);
    urls.add(track.cover.large);
  }
  const shown = urls.size < TILES ? [...urls].slice(0, 1) : [...urls].slice(0, TILES);
  return (
    <span className={classes(styles.mosaic, shown.length === TILES && styles.mosaicFour)} aria-hidden="true">
      {shown.length === 0 && <Icon name="playlist" size={48} />}
      {shown.map((url) => (
        <img key={url} src={url} alt="" decoding="async" />
      ))}
    </span>
  );
}
