/** The photo that stands for a concert, small; a ticket where there is none. */
import { useState } from "react";
import { Icon } from "@/ui/Icon";
import type { ConcertItem } from "../types";
import styles from "./cover-tile.module.css";

export function CoverTile({ cover }: Pick<ConcertItem, "cover">) {
  const [gone, setGone] = useState(false);
  const thumbnail = cover?.thumbnail ?? null;
  if (thumbnail === null || gone) {
    return (
      <span className={styles.tile}>
        <Icon name="ticket" size={18} />
      </span>
    );
  }
  const placeholder = cover?.placeholder ?? null;
  return (
    <span
      className={styles.tile}
      style={placeholder === null ? undefined : { backgroundImage: `url("${placeholder}")` }}
    >
      <img src={thumbnail} alt="" loading="lazy" decoding="async" onError={() => setGone(true)} />
    </span>
  );
}
