/** One track in a list: cover, names, length, and what is happening with it. */
import { Link, useNavigate } from "@tanstack/react-router";
import { deleteTrack, retryTrack } from "@/api/actions";
import type { Track } from "@/api/types";
import { toggle } from "@/player/player";
import type { PlayerState } from "@/player/state";
import { byline } from "@/ui/byline";
import { Button } from "@/ui/Button";
import { Cover } from "@/ui/Cover";
import { duration, onDay } from "@/ui/format";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { Rendition } from "./Rendition";

interface Props {
  track: Track;
  rowIndex: number;
  /** The player's status when this is its track. */
  playing: PlayerState["status"] | null;
  onPlay: (track: Track) => void;
  onEdit: (track: Track) => void;
}

function PlayButton({ track, playing, onPlay }: Pick<Props, "track" | "playing" | "onPlay">) {
  const on = playing === "playing" || playing === "loading";
  return (
    <button
      type="button"
      className="track-play"
      aria-label={on ? `Pause ${track.title}` : `Play ${track.title}`}
      disabled={track.status !== "ready"}
      onClick={() => (playing === null ? onPlay(track) : toggle())}
    >
      <Cover track={track} size="row" />
      {track.status === "ready" && <Icon name={on ? "pause" : "play"} />}
    </button>
  );
}

function Failure({ track, brief = false }: { track: Track; brief?: boolean }) {
  return (
    <span className="track-failure">
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

export function TrackRow({ track, rowIndex, playing, onPlay, onEdit }: Props) {
  const navigate = useNavigate();
  const { id, title, artist, album, status } = track;
  return (
    <tr
      aria-rowindex={rowIndex}
      className={playing === null ? undefined : "track-current"}
      onDoubleClick={() => status === "ready" && onPlay(track)}
    >
      <td className="tracks-play">
        <PlayButton track={track} playing={playing} onPlay={onPlay} />
      </td>
      <td className="tracks-title">
        <Link to="/tracks/$trackId" params={{ trackId: id }}>
          {title}
        </Link>
        <span className="track-by">
          <Below track={track} />
        </span>
      </td>
      {status === "ready" ? (
        <>
          <td className="tracks-artist">{artist || <span className="quiet">Unknown</span>}</td>
          <td className="tracks-album">{album}</td>
        </>
      ) : (
        <td className="tracks-state" colSpan={2}>
          {status === "failed" ? <Failure track={track} /> : <Rendition jobId={track.job_id} />}
        </td>
      )}
      <td className="tracks-added">{onDay(track.created_at)}</td>
      <td className="tracks-length">{duration(track.duration_ms)}</td>
      <td className="tracks-actions">
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
    </tr>
  );
}
