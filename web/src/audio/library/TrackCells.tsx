/** The cells of one track in the list: cover, names, length, and what is happening with it. */
import { Link, useNavigate } from "@tanstack/react-router";
import { deleteTrack, retryTrack } from "../actions";
import type { Track } from "../types";
import type { PlayerState } from "../player/state";
import { byline } from "../byline";
import { Button } from "@/ui/Button";
import { duration, onDay } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { enqueue } from "../player/ahead";
import { adding } from "../playlists/adding";
import { Heart } from "../listening/Heart";
import { shareTrack } from "../shares/sharing";
import { PlayButton } from "./PlayButton";
import { Rendition } from "./Rendition";
import trackTable from "./track-table.module.css";

interface Props {
  track: Track;
  /** The player's status when this is its track. */
  playing: PlayerState["status"] | null;
  onPlay: (track: Track) => void;
  onEdit: (track: Track) => void;
}

function Failure({ track, brief = false }: { track: Track; brief?: boolean }) {
  return (
    <span className={trackTable.trackFailure}>
      {!brief && <Icon name="warning" size={18} />}
      <span title={track.error ?? undefined}>{track.error ?? "This file couldn't be read."}</span>
      {!brief && (
        <Button small icon="retry" onClick={() => void retryTrack(track)}>
          Try again
        </Button>
      )}
    </span>
  );
}

/** What stands under the title where there is no room for columns. */
function Below({ track }: { track: Track }) {
  if (track.status === "processing") return <Rendition jobId={track.job_id} />;
  if (track.status === "failed") return <Failure track={track} brief />;
  return byline(track);
}

export function TrackCells({ track, playing, onPlay, onEdit }: Props) {
  const navigate = useNavigate();
  const { id, title, artist, album, status } = track;
  return (
    <>
      <td className={trackTable.tracksPlay}>
        <PlayButton track={track} playing={playing} onPlay={() => onPlay(track)} />
      </td>
      <td className={trackTable.tracksTitle}>
        <Link to="/tracks/$trackId" params={{ trackId: id }}>
          {title}
        </Link>
        <span className={trackTable.trackBy}>
          <Below track={track} />
        </span>
      </td>
      {status === "ready" ? (
        <>
          <td className={trackTable.tracksArtist}>{artist || <span className="quiet">Unknown</span>}</td>
          <td className={trackTable.tracksAlbum}>{album}</td>
        </>
      ) : (
        <td className={trackTable.tracksState} colSpan={2}>
          {status === "failed" ? <Failure track={track} /> : <Rendition jobId={track.job_id} />}
        </td>
      )}
      <td className={trackTable.tracksHeart}>
        <Heart track={track} />
      </td>
      <td className={trackTable.tracksAdded}>{onDay(track.created_at)}</td>
      <td className={trackTable.tracksLength}>{duration(track.duration_ms)}</td>
      <td className={trackTable.tracksActions}>
        <Menu
          label={`Actions for ${title}`}
          items={[
            {
              key: "open",
              label: "Details",
              icon: "library",
              run: () => void navigate({ to: "/tracks/$trackId", params: { trackId: id } }),
            },
            ...(status === "failed"
              ? [
                  {
                    key: "retry",
                    label: "Try again",
                    icon: "retry" as const,
                    run: () => void retryTrack(track),
                  },
                ]
              : []),
            ...(status === "ready"
              ? [
                  {
                    key: "next",
                    label: "Play next",
                    icon: "next" as const,
                    run: () => enqueue([track], "next"),
                  },
                  {
                    key: "last",
                    label: "Add to queue",
                    icon: "plus" as const,
                    run: () => enqueue([track], "last"),
                  },
                ]
              : []),
            {
              key: "playlist",
              label: "Add to playlist",
              icon: "playlist",
              run: () => adding.set([track]),
            },
            { key: "share", label: "Share", icon: "link", run: () => shareTrack(track) },
            { key: "edit", label: "Edit", icon: "edit", run: () => onEdit(track) },
            {
              key: "delete",
              label: "Delete",
              icon: "trash",
              trouble: true,
              run: () => void deleteTrack(track),
            },
          ]}
        >
          <Icon name="more" />
        </Menu>
      </td>
    </>
  );
}
