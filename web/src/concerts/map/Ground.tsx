/** The ground as pictures of another server, above the drawn one, which shows where any are missing. */
import { useState } from "react";
import { tilesOf } from "./tiles";
import type { Tiles } from "./types";
import type { Size, View } from "./view";
import styles from "./ground.module.css";

interface Props {
  tiles: Tiles;
  view: View;
  size: Size;
}

interface TileProps {
  url: string;
  style: React.CSSProperties;
}

function Picture({ url, style }: TileProps) {
  const [is, setIs] = useState<"awaited" | "there" | "missing">("awaited");
  if (is === "missing") return null;
  return (
    <img
      src={url}
      alt=""
      draggable={false}
      // Servers of maps want to know which site their tiles are shown on; the page isn't told.
      referrerPolicy="strict-origin"
      className={is === "there" ? styles.there : undefined}
      style={style}
      onLoad={() => setIs("there")}
      onError={() => setIs("missing")}
    />
  );
}

export function Ground({ tiles, view, size }: Props) {
  if (size.width_px === 0) return null;
  const shown = tilesOf(tiles.url, view, size, window.devicePixelRatio);
  return (
    <>
      <div className={styles.ground} aria-hidden="true">
        {shown.map(({ key, url, left_px, top_px, width_px, height_px }) => (
          <Picture
            key={key}
            url={url}
            style={{ translate: `${left_px}px ${top_px}px`, width: width_px, height: height_px }}
          />
        ))}
      </div>
      <p className={styles.credit}>{tiles.credit}</p>
    </>
  );
}
