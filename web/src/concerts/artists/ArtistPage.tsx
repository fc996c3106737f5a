/** One artist in one's own history. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { useMemo } from "react";
import { NamePage } from "../history/NamePage";
import { artistQuery } from "../history/queries";

export default function ArtistPage() {
  const { artistId } = useParams({ from: "/in/concerts/artists/$artistId" });
  const { data, error, refetch } = useQuery(artistQuery(artistId));
  const name = data?.artist.name ?? "";
  const beginning = useMemo(() => ({ artist: name }), [name]);
  const url = data?.artist.url ?? "";
  return (
    <NamePage
      names="artists"
      what="artist"
      known={
        data && {
          name,
          count: data.artist.concert_count,
          first_on: data.first_on,
          last_on: data.last_on,
          beginning,
          filter: { artist: artistId },
          ...(url === ""
            ? {}
            : {
                about: (
                  <a href={url} target="_blank" rel="noreferrer">
                    On setlist.fm
                  </a>
                ),
              }),
        }
      }
      error={error}
      retry={() => void refetch()}
    />
  );
}
