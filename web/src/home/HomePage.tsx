/** Where one arrives: what is new, what is being made, and the one action that starts it. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { newestQuery } from "@/api/queries";
import { EmptyLibrary } from "@/library/EmptyLibrary";
import { Button } from "@/ui/Button";
import { Failed } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { pickFiles } from "@/uploads/picker";
import { Hero } from "./Hero";
import { InTheWorks } from "./InTheWorks";
import { NewTracks } from "./NewTracks";
import { StorageMeter } from "@/account/StorageMeter";
import "./home.css";

export default function HomePage() {
  const { data, error, refetch } = useQuery(newestQuery);
  const tracks = data?.items ?? [];
  const ready = tracks.filter((track) => track.status === "ready");
  const [newest] = ready;
  return (
    <Page
      title="Home"
      actions={
        <Button look="signal" icon="upload" onClick={pickFiles}>
          Upload music
        </Button>
      }
    >
      {error && <Failed what="Home can't be shown" error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton what="what is new" shape="tiles" rows={6} />}
      {data && tracks.length === 0 && <EmptyLibrary />}
      {newest && <Hero track={newest} list={ready} />}
      {tracks.length > 0 && <InTheWorks tracks={tracks} />}
      {ready.length > 1 && <NewTracks tracks={ready} />}
      {tracks.length > 0 && (
        <footer className="home-foot">
          <StorageMeter />
          <Link to="/library">All of your library</Link>
        </footer>
      )}
    </Page>
  );
}
