/** Where one was: the venues of the history on a map of the world, and beside it as a list. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import button from "@/ui/button.module.css";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { plural } from "../words";
import { venuesOf, type Cluster } from "./clusters";
import { MapView } from "./MapView";
import { mapQuery } from "./queries";
import type { HistoryMap } from "./types";
import { useView } from "./useView";
import { canZoomIn, spotOf } from "./view";
import { VenueList } from "./VenueList";
import styles from "./map-page.module.css";

function Nowhere({ unplaced }: { unplaced: number }) {
  return (
    <Empty
      icon="place"
      title="Nothing on the map yet"
      action={
        <Link to="/photos/scans" className={button.button}>
          Scan a folder
        </Link>
      }
    >
      <p>
        {unplaced > 0
          ? `Nobody knows where your ${plural(unplaced, "concert")} took place. Give their venues a place, and they stand here.`
          : "Each venue where you saw somebody stands here, from the club around the corner to the festival on another continent."}
      </p>
    </Empty>
  );
}

function Known({ points, unplaced, tiles }: HistoryMap) {
  const place = useRef<HTMLDivElement>(null);
  const navigate = useNavigate();
  const venues = venuesOf(points);
  const world = useView(place, venues);
  const [lit, setLit] = useState<string | null>(null);
  const { view, size } = world;
  const inView = venues.filter((venue) => {
    const { left_px, top_px } = spotOf(view, size, venue);
    return left_px >= 0 && top_px >= 0 && left_px <= size.width_px && top_px <= size.height_px;
  });
  const open = ({ venues: members }: Cluster) => {
    const [first] = members;
    if (first && (members.length === 1 || !canZoomIn(view))) {
      void navigate({ to: "/concerts/venues/$venueId", params: { venueId: first.venue_id } });
    } else world.show(members);
  };
  return (
    <div className={styles.columns}>
      <MapView venues={venues} tiles={tiles} world={world} place={place} lit={lit} onOpen={open} />
      <VenueList venues={inView} total={venues.length} unplaced={unplaced} onLight={setLit} onAll={world.showAll} />
    </div>
  );
}

export default function MapPage() {
  const { data, error, refetch } = useQuery(mapQuery);
  if (error !== null) {
    return <Failed what="The map can’t be shown" error={error} retry={() => void refetch()} />;
  }
  if (!data) return <Skeleton what="the map" rows={1} shape="block" />;
  if (data.points.length === 0) return <Nowhere unplaced={data.unplaced} />;
  return <Known {...data} />;
}
