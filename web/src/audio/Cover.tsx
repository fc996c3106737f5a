/** A track's cover, or its initials where the file brought none. */
import type { Track } from "./types";
import { classes } from "@/ui/classes";
import styles from "./cover.module.css";

function initials({ album, title }: Track): string {
  const words = (album || title).split(/[\s–-]+/).filter((word) => /[\p{L}\p{N}]/u.test(word));
  return words
    .slice(0, 2)
    .map((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? "")
    .join("")
    .toUpperCase();
}

interface Props {
  track: Track;
  size: "row" | "bar" | "tile" | "page";
}

/** Decoration: the title stands beside it wherever it is used. */
export function Cover({ track, size }: Props) {
  const { cover } = track;
  const large = size === "tile" || size === "page";
  return (
    <span className={classes(styles.cover, styles[`cover-${size}`])} aria-hidden="true">
      {cover ? (
        <img
          src={large ? cover.large : cover.small}
          alt=""
          decoding="async"
          loading={size === "row" || size === "tile" ? "lazy" : "eager"}
        />
      ) : (
        <span data-initials={initials(track)} />
      )}
    </span>
  );
}
