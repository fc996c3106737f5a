/** Whether a track is a favourite, and the press that makes it one. */
import { useQuery } from "@tanstack/react-query";
import { IconButton } from "@/ui/Button";
import { trackQuery } from "../queries";
import type { Track } from "../types";
import { toggleFavorite } from "./opinions";

interface Props {
  track: Track;
  title?: string;
}

export function Heart({ track, title = "Favourite" }: Props) {
  const on = track.favorite_at !== null;
  return (
    <IconButton
      icon={on ? "hearted" : "heart"}
      label={`Favourite: ${track.title}`}
      title={title}
      aria-pressed={on}
      onClick={() => void toggleFavorite(track)}
    />
  );
}

/** The heart of what is playing: a list that plays is a copy, and may be an old one. */
export function PlayingHeart({ track }: Pick<Props, "track">) {
  const own = track.via === undefined;
  const { data = track } = useQuery({ ...trackQuery(track.id), enabled: own });
  if (!own) return null;
  return <Heart track={data} title="Favourite (f)" />;
}
