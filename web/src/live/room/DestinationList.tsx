/** Where a project goes: a card for each destination, and the way to add one. */
import { useState } from "react";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import type { Destination, LiveProject, Preset } from "../types";
import { AddDestination } from "./AddDestination";
import { DestinationCard } from "./DestinationCard";
import { EditDestination } from "./EditDestination";
import type { Routed } from "./useDestinations";
import type { Room } from "./useRoom";
import styles from "./destinations.module.css";

interface Props {
  project: LiveProject;
  room: Room;
  routed: Routed[] | undefined;
  presets: readonly Preset[];
  error: unknown;
  refetch: () => unknown;
}

export function DestinationList({ project, room, routed, presets, error, refetch }: Props) {
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<Destination | null>(null);
  const add = (
    <Button icon="plus" onClick={() => setAdding(true)}>
      Add a destination
    </Button>
  );
  return (
    <section className={styles.list} aria-label="Destinations">
      <header className={styles.listHead}>
        <h2>Destinations</h2>
        {routed && routed.length > 0 && add}
      </header>
      {error !== null && !routed && (
        <Failed what="Your destinations can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!routed && error === null && <Skeleton what="your destinations" rows={2} />}
      {routed?.length === 0 && (
        <Empty icon="out" title="It goes nowhere yet" action={add}>
          <p>
            Add YouTube, Twitch or any other place that takes RTMP, with the stream key that it gives
            you. You can also add one while the show is on.
          </p>
        </Empty>
      )}
      {routed && routed.length > 0 && (
        <ul className={styles.cards}>
          {routed.map((each) => (
            <DestinationCard
              key={each.destination.id}
              {...each}
              room={room}
              onEdit={() => setEdited(each.destination)}
            />
          ))}
        </ul>
      )}
      {adding && (
        <AddDestination project={project} presets={presets} onClose={() => setAdding(false)} />
      )}
      {edited && <EditDestination destination={edited} onClose={() => setEdited(null)} />}
    </section>
  );
}
