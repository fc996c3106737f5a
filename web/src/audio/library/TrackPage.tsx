/** One track: its cover, its waveform, how loud it is, what there is of it. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { deleteTrack, retryTrack } from "../actions";
import { Problem } from "@/api/problem";
import { downloadAlbum, downloadTrack } from "../downloading";
import { trackQuery } from "../queries";
import type { Track } from "../types";
import { Listen } from "../player/Listen";
import { byline } from "../byline";
import { Button } from "@/ui/Button";
import { Cover } from "../Cover";
import { Failed, Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { SimilarPanel } from "../discover/SimilarPanel";
import { Heart } from "../listening/Heart";
import { Stars } from "../listening/Stars";
import { LyricsPanel } from "../lyrics/LyricsPanel";
import { shareTrack } from "../shares/sharing";
import { EditDialog } from "./EditDialog";
import { Rendition } from "./Rendition";
import { TrackFacts } from "./TrackFacts";
import { classes } from "@/ui/classes";
import button from "@/ui/button.module.css";
import styles from "./track-page.module.css";

function State({ track }: { track: Track }) {
  if (track.status === "ready") return <Listen track={track} />;
  if (track.status === "processing") return <Rendition jobId={track.job_id} />;
  return (
    <Notice
      title="This track can't be played"
      action={
        <Button icon="retry" onClick={() => void retryTrack(track)}>
          Try again
        </Button>
      }
    >
      {track.error ?? "The file couldn't be read as music."}
    </Notice>
  );
}

function Details({ track }: { track: Track }) {
  const navigate = useNavigate();
  const [editing, setEditing] = useState(false);
  const remove = async () => {
    await navigate({ to: "/library" });
    await deleteTrack(track);
  };
  return (
    <div className={styles.trackPage}>
      <Cover track={track} size="page" />
      <div className={styles.trackWords}>
        <p className={styles.trackTitle} aria-hidden="true">
          {track.title}
        </p>
        <p className={styles.trackWho}>{byline(track)}</p>
        {track.album !== "" && <p className="quiet">{track.album}</p>}
        <div className={styles.trackOpinion}>
          <Stars track={track} />
          <Heart track={track} />
        </div>
        <State track={track} />
        {track.warnings.length > 0 && (
          <Notice tone="plain" title="About this file">
            {track.warnings.join(" ")}
          </Notice>
        )}
        <div className={classes(button.formActions, styles.trackDoes)}>
          <Button icon="edit" onClick={() => setEditing(true)}>
            Edit
          </Button>
          <Button icon="link" onClick={() => shareTrack(track)}>
            Share
          </Button>
          <Button icon="download" onClick={() => void downloadTrack(track)}>
            Download
          </Button>
          {track.album_id !== null && (
            <Button icon="download" onClick={() => void downloadAlbum(track)}>
              Download the album
            </Button>
          )}
          <Button icon="trash" onClick={() => void remove()}>
            Delete
          </Button>
        </div>
      </div>
      <TrackFacts track={track} />
      {track.status === "ready" && <SimilarPanel track={track} />}
      <LyricsPanel track={track} />
      {editing && <EditDialog track={track} onClose={() => setEditing(false)} />}
    </div>
  );
}

function Gone() {
  return (
    <Notice tone="plain" title="This track isn't here">
      It may have been deleted, or its address mistyped.{" "}
      <Link to="/library">Go to the library</Link>
    </Notice>
  );
}

export default function TrackPage() {
  const { trackId } = useParams({ from: "/in/tracks/$trackId" });
  const { data: track, error, refetch } = useQuery(trackQuery(trackId));
  return (
    <Page title={track?.title ?? "Track"} headless>
      {error instanceof Problem && error.status === 404 && <Gone />}
      {error && !(error instanceof Problem && error.status === 404) && (
        <Failed what="This track can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!track && !error && <Skeleton what="this track" shape="block" rows={2} />}
      {track && <Details track={track} />}
    </Page>
  );
}
