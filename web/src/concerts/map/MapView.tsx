/** The map: its ground on a canvas, the venues above it as buttons. */
import { useQuery } from "@tanstack/react-query";
import { useLayoutEffect, useRef } from "react";
import { useStore } from "@/api/store";
import { themeTurns } from "@/design/theme";
import { IconButton } from "@/ui/Button";
import { classes } from "@/ui/classes";
import { count } from "@/ui/format";
import { plural } from "../words";
import { coarseQuery, fineQuery } from "./atlas";
import { clustersOf, markersOf, stepOf, type Cluster, type Venue } from "./clusters";
import { draw } from "./drawing";
import { Ground } from "./Ground";
import type { Tiles } from "./types";
import { useCities } from "./useCities";
import type { useView } from "./useView";
import { canZoomIn } from "./view";
import styles from "./map-view.module.css";

interface Props {
  venues: readonly Venue[];
  tiles: Tiles | null;
  world: ReturnType<typeof useView>;
  place: React.RefObject<HTMLDivElement | null>;
  /** The venue that the list points at. */
  lit: string | null;
  onOpen: (cluster: Cluster) => void;
}

const spoken = ({ venues, concerts }: Cluster, label: string) =>
  venues.length === 1
    ? `${label}, ${plural(concerts, "concert")}`
    : `${label}, ${plural(concerts, "concert")} at ${plural(venues.length, "venue")}`;

export function MapView({ venues, tiles, world, place, lit, onOpen }: Props) {
  const { size, view, moving, handlers } = world;
  const canvas = useRef<HTMLCanvasElement>(null);
  const { data: coarse } = useQuery(coarseQuery);
  // The fine drawing replaces the coarse one, and waits until that is there.
  const { data: fine } = useQuery({ ...fineQuery, enabled: coarse !== undefined });
  const atlas = fine ?? coarse;
  const turns = useStore(themeTurns);
  const { markers, taken } = markersOf(clustersOf(venues, stepOf(view)), view, size);
  const cities = useCities(view, size, taken);

  useLayoutEffect(() => {
    if (canvas.current && size.width_px > 0) draw(canvas.current, atlas, view, size, cities, taken);
  }, [atlas, view, size, cities, taken, turns]);

  return (
    <div
      ref={place}
      role="application"
      aria-label="Map: arrows move it, + and − zoom, 0 shows everything"
      // A map is moved as a whole, which no control of HTML is.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
      className={classes(styles.map, moving && styles.moving)}
      {...handlers}
    >
      <canvas ref={canvas} aria-hidden="true" />
      {tiles && <Ground tiles={tiles} view={view} size={size} />}
      {markers.map(({ cluster, radius_px, left_px, top_px, label, told }) => (
        <button
          key={cluster.key}
          type="button"
          className={classes(
            styles.marker,
            told !== null && styles.told,
            told === "left" && styles.leftwards,
            lit !== null && cluster.venues.some(({ venue_id }) => venue_id === lit) && styles.lit,
          )}
          style={{ translate: `${left_px}px ${top_px}px`, "--radius": `${radius_px}px` } as React.CSSProperties}
          aria-label={spoken(cluster, label)}
          onClick={() => onOpen(cluster)}
        >
          <span className={styles.label}>{label}</span> <span className={styles.dot}>{count(cluster.concerts)}</span>
        </button>
      ))}
      <div className={styles.controls}>
        <IconButton icon="plus" label="Zoom in" disabled={!canZoomIn(view)} onClick={world.zoomIn} />
        <IconButton icon="minus" label="Zoom out" onClick={world.zoomOut} />
        <IconButton icon="whole" label="Show everything" disabled={world.isWhole} onClick={world.showAll} />
      </div>
    </div>
  );
}
