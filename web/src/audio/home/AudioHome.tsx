/** The music of the first page: what is new, what is being made, and the one action that starts it. */
import { useQuery } from "@tanstack/react-query";
import { newestQuery } from "../queries";
import { EmptyLibrary } from "../library/EmptyLibrary";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { Hero } from "./Hero";
import { InTheWorks } from "./InTheWorks";
import { NewTracks } from "./NewTracks";

export default function AudioHome() {
  const { data, error, refetch } = useQuery(newestQuery);
  const tracks = data?.items ?? [];
  const ready = tracks.filter((track) => track.status === "ready");
  const [newest] = ready;
  return (
    <>
      {error && (
        <Failed what="Your music can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!data && !error && <Skeleton what="what is new" shape="tiles" rows={6} />}
      {data && tracks.length === 0 && <EmptyLibrary />}
      {newest && <Hero track={newest} list={ready} />}
      {tracks.length > 0 && <InTheWorks tracks={tracks} />}
      {ready.length > 1 && <NewTracks tracks={ready} />}
    </>
  );
}
