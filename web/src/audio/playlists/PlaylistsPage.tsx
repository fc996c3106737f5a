/** One's playlists, those that others share with one, and everybody's public ones. */
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "@/api/queries";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Icon } from "@/ui/Icon";
import { Failed } from "@/ui/Notice";
import rows from "@/ui/rows.module.css";
import { Skeleton } from "@/ui/Skeleton";
import { Tag } from "@/ui/Tag";
import { When } from "@/ui/When";
import { LibraryFrame } from "../library/LibraryFrame";
import type { Playlist } from "../types";
import { ImportDialog } from "./ImportDialog";
import { PlaylistDialog } from "./PlaylistDialog";
import { playlistsQuery, publicQuery } from "./queries";
import styles from "./playlists.module.css";

const SEEN_BY: Readonly<Record<Playlist["visibility"], string>> = {
  private: "Private",
  unlisted: "By link",
  public: "Public",
};

function Row({ playlist, mine }: { playlist: Playlist; mine: boolean }) {
  const { id, name, owner_name, entry_count, updated_at, visibility } = playlist;
  return (
    <li className={rows.row}>
      <span className={rows.rowSign}>
        <Icon name="playlist" />
      </span>
      <span className={rows.rowWords}>
        <span className={rows.rowName}>
          <Link to="/playlists/$playlistId" params={{ playlistId: id }}>
            {name}
          </Link>
          <Tag>{SEEN_BY[visibility]}</Tag>
        </span>
        <span className={rows.rowMore}>
          <span>{entry_count === 1 ? "1 track" : `${entry_count} tracks`}</span>
          {!mine && <span>By {owner_name === "" ? "somebody" : owner_name}</span>}
          <span>
            Changed <When time={updated_at} />
          </span>
        </span>
      </span>
    </li>
  );
}

export default function PlaylistsPage() {
  const navigate = useNavigate();
  const [open, setOpen] = useState<"new" | "import" | null>(null);
  const { data: me } = useQuery(meQuery);
  const { data, error, refetch } = useQuery(playlistsQuery);
  const { data: everybodys } = useQuery(publicQuery);
  const known = new Set(data?.items.map(({ id }) => id));
  const others = everybodys?.items.filter(({ id }) => !known.has(id)) ?? [];
  const close = () => setOpen(null);
  const make = (
    <Button icon="plus" look="signal" onClick={() => setOpen("new")}>
      New playlist
    </Button>
  );
  return (
    <LibraryFrame
      actions={
        <div className={styles.actions}>
          <Button icon="upload" onClick={() => setOpen("import")}>
            Import
          </Button>
          {data && data.items.length > 0 && make}
        </div>
      }
    >
      {error && <Failed what="Your playlists can't be shown" error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton what="your playlists" rows={6} />}
      {data?.items.length === 0 && (
        <Empty icon="playlist" title="No playlist yet" action={make}>
          <p>Put tracks in an order of yours, alone or with others, and play them anywhere.</p>
        </Empty>
      )}
      {data && data.items.length > 0 && (
        <ul className={rows.rows} aria-label="Your playlists">
          {data.items.map((playlist) => (
            <Row key={playlist.id} playlist={playlist} mine={playlist.owner_id === me?.id} />
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <section aria-labelledby="public-playlists">
          <h2 id="public-playlists">Public here</h2>
          <ul className={rows.rows}>
            {others.map((playlist) => (
              <Row key={playlist.id} playlist={playlist} mine={false} />
            ))}
          </ul>
        </section>
      )}
      {open === "new" && (
        <PlaylistDialog
          onClose={close}
          onMade={({ id }) => navigate({ to: "/playlists/$playlistId", params: { playlistId: id } })}
        />
      )}
      {open === "import" && <ImportDialog onClose={close} />}
    </LibraryFrame>
  );
}
