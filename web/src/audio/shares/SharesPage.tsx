/** All links that one has given away: what they lead to, until when, how often they were opened. */
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { Button, IconButton } from "@/ui/Button";
import { CopyButton } from "@/ui/CopyButton";
import { Empty } from "@/ui/Empty";
import { Icon, type IconName } from "@/ui/Icon";
import { Failed } from "@/ui/Notice";
import { useNow } from "@/ui/now";
import rows from "@/ui/rows.module.css";
import { Skeleton } from "@/ui/Skeleton";
import { Tag } from "@/ui/Tag";
import { LibraryFrame } from "../library/LibraryFrame";
import type { Share } from "../types";
import { addressOf, nameOf, revokeShare } from "./actions";
import { EditShareDialog } from "./EditShareDialog";
import { endOf, isOver, visitsOf } from "./ends";
import { sharesQuery } from "./queries";
import styles from "./shares.module.css";

const KINDS: Readonly<Record<Share["kind"], { name: string; icon: IconName }>> = {
  track: { name: "Track", icon: "library" },
  album: { name: "Album", icon: "archive" },
  playlist: { name: "Playlist", icon: "playlist" },
};

function Name({ share: { kind, thing_id, title } }: { share: Share }) {
  if (title === null) return <span className="quiet">It isn't there any more</span>;
  if (kind === "track") {
    return (
      <Link to="/tracks/$trackId" params={{ trackId: thing_id }}>
        {title}
      </Link>
    );
  }
  if (kind === "playlist") {
    return (
      <Link to="/playlists/$playlistId" params={{ playlistId: thing_id }}>
        {title}
      </Link>
    );
  }
  return <span>{title}</span>;
}

function Row({ share, onEdit }: { share: Share; onEdit: (share: Share) => void }) {
  const now_ms = useNow();
  const { kind, artist, description, may_download } = share;
  return (
    <li className={rows.row}>
      <span className={rows.rowSign}>
        <Icon name={KINDS[kind].icon} />
      </span>
      <span className={rows.rowWords}>
        <span className={rows.rowName}>
          <Name share={share} />
          <Tag>{KINDS[kind].name}</Tag>
          {may_download && <Tag>Downloads</Tag>}
          {isOver(share, now_ms) && <Tag tone="trouble">Ended</Tag>}
        </span>
        {(artist !== "" || description !== "") && (
          <span className="quiet">{[artist, description].filter((word) => word !== "").join(" · ")}</span>
        )}
        <span className={rows.rowMore}>
          <span>{endOf(share, now_ms)}</span>
          <span>{visitsOf(share, now_ms)}</span>
        </span>
      </span>
      <span className={styles.does}>
        <CopyButton small text={addressOf(share)}>
          Copy
        </CopyButton>
        <IconButton icon="edit" label={`Change ${nameOf(share)}`} onClick={() => onEdit(share)} />
        <IconButton
          icon="close"
          label={`Revoke ${nameOf(share)}`}
          onClick={() => void revokeShare(share)}
        />
      </span>
    </li>
  );
}

export default function SharesPage() {
  const query = useInfiniteQuery(sharesQuery);
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const [editing, setEditing] = useState<Share | null>(null);
  const shares = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <LibraryFrame>
      {error && <Failed what="Your links can't be shown" error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton what="your links" rows={6} />}
      {data && shares.length === 0 && (
        <Empty icon="link" title="Nothing shared by a link">
          <p>
            “Share” on a track, an album or a playlist makes a link. Whoever has it can listen without an
            account, until it ends. <Link to="/library">Go to your tracks</Link>
          </p>
        </Empty>
      )}
      {shares.length > 0 && (
        <ul className={rows.rows} aria-label="Your links">
          {shares.map((share) => (
            <Row key={share.id} share={share} onEdit={setEditing} />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? "Fetching…" : "Show more"}
        </Button>
      )}
      {editing && <EditShareDialog share={editing} onClose={() => setEditing(null)} />}
    </LibraryFrame>
  );
}
