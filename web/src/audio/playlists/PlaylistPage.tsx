/** One playlist: its covers, who made it, what can be done with it, and what is in it. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { Problem, sentenceOf } from "@/api/problem";
import { meQuery } from "@/api/queries";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Icon } from "@/ui/Icon";
import { Menu, type MenuItem } from "@/ui/Menu";
import { Failed, Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { toast } from "@/ui/toasts";
import { downloadPlaylist } from "../downloading";
import { playQueue } from "../player/player";
import type { Entry, Playlist, Track } from "../types";
import { deletePlaylist, removeMember, saveFile } from "./actions";
import { EntryList } from "./EntryList";
import { Mosaic } from "./Mosaic";
import { entriesOf } from "./order";
import { PlaylistDialog } from "./PlaylistDialog";
import { entriesQuery, entryPage, playableOf, playlistQuery } from "./queries";
import { ShareDialog } from "./ShareDialog";
import styles from "./playlists.module.css";

type Open = "edit" | "share" | null;

function useEntries(playlistId: string) {
  const { data: me } = useQuery(meQuery);
  const query = useInfiniteQuery(entriesQuery(playlistId));
  const entries = entriesOf(query.data);
  const tracks = new Map<string, Track>();
  for (const entry of entries) {
    for (const track of playableOf(entry, playlistId, me?.id)) tracks.set(entry.id, track);
  }
  const more = async (cursor: string) => {
    const page = await entryPage(playlistId, cursor);
    const items = page.items.flatMap((entry) => playableOf(entry, playlistId, me?.id));
    return { ...page, items };
  };
  const cursor = query.data?.pages.at(-1)?.next_cursor ?? null;
  /** From an entry on, which may be there twice; without one, from the first. */
  const play = (from?: Entry) => {
    const list = entries.flatMap(({ id }) => {
      const track = tracks.get(id);
      return track?.status === "ready" ? [{ id, track }] : [];
    });
    const index = from ? list.findIndex(({ id }) => id === from.id) : 0;
    const rest = cursor === null ? null : { more, cursor };
    playQueue({ tracks: list.map(({ track }) => track), index: Math.max(index, 0), rest });
  };
  return { ...query, me, entries, tracks, play };
}

function Details({ playlist }: { playlist: Playlist }) {
  const navigate = useNavigate();
  const [open, setOpen] = useState<Open>(null);
  const { me, data, entries, tracks, play, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } =
    useEntries(playlist.id);
  const owns = playlist.rank === "owner";
  const editable = owns || playlist.rank === "editor";
  const leave = async () => {
    if (!me) return;
    try {
      await removeMember(playlist, me.id);
      await navigate({ to: "/library/playlists" });
    } catch (fault) {
      toast({ tone: "trouble", text: `You are still in it. ${sentenceOf(fault)}` });
    }
  };
  const actions: MenuItem[] = [
    { key: "zip", label: "Download as ZIP", icon: "download", run: () => void downloadPlaylist(playlist) },
    { key: "m3u8", label: "Save as M3U8", icon: "download", run: () => void saveFile(playlist, "m3u8") },
    { key: "xspf", label: "Save as XSPF", icon: "download", run: () => void saveFile(playlist, "xspf") },
  ];
  if (owns) {
    actions.push(
      { key: "edit", label: "Edit", icon: "edit", run: () => setOpen("edit") },
      {
        key: "delete",
        label: "Delete",
        icon: "trash",
        trouble: true,
        run: () => {
          void navigate({ to: "/library/playlists" }).then(() => deletePlaylist(playlist));
        },
      },
    );
  } else if (playlist.visibility === "private" || editable) {
    actions.push({ key: "leave", label: "Leave", icon: "out", run: () => void leave() });
  }
  const count = playlist.entry_count === 1 ? "1 track" : `${playlist.entry_count} tracks`;
  return (
    <>
      <div className={styles.head}>
        <Mosaic entries={entries} />
        <div className={styles.about}>
          <p className={styles.title} aria-hidden="true">
            {playlist.name}
          </p>
          <p className="quiet">
            {count}
            {!owns && ` · by ${playlist.owner_name === "" ? "somebody" : playlist.owner_name}`}
          </p>
          {playlist.description !== "" && <p>{playlist.description}</p>}
          <div className={styles.actions}>
            <Button icon="play" look="signal" disabled={tracks.size === 0} onClick={() => play()}>
              Play
            </Button>
            {owns && (
              <Button icon="user" onClick={() => setOpen("share")}>
                Share
              </Button>
            )}
            <Menu label={`Actions for ${playlist.name}`} items={actions}>
              <Icon name="more" />
            </Menu>
          </div>
        </div>
      </div>
      {error && <Failed what="What is in it can't be shown" error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton what="what is in it" rows={8} />}
      {data && entries.length === 0 && (
        <Empty icon="playlist" title="Nothing in it yet">
          <p>
            “Add to playlist” stands in the menu beside each track.{" "}
            <Link to="/library">Go to your tracks</Link>
          </p>
        </Empty>
      )}
      {entries.length > 0 && (
        <EntryList {...{ playlist, entries, tracks, editable }} onPlay={play} />
      )}
      {hasNextPage && (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? "Fetching…" : "Show more"}
        </Button>
      )}
      {open === "edit" && <PlaylistDialog playlist={playlist} onClose={() => setOpen(null)} />}
      {open === "share" && <ShareDialog playlist={playlist} onClose={() => setOpen(null)} />}
    </>
  );
}

export default function PlaylistPage() {
  const { playlistId } = useParams({ from: "/in/playlists/$playlistId" });
  const { data: playlist, error, refetch } = useQuery(playlistQuery(playlistId));
  const gone = error instanceof Problem && error.status === 404;
  return (
    <Page title={playlist?.name ?? "Playlist"} headless>
      {gone && (
        <Notice tone="plain" title="This playlist isn't here">
          It may have been deleted, or isn't shared with you any more.{" "}
          <Link to="/library/playlists">Go to your playlists</Link>
        </Notice>
      )}
      {error && !gone && (
        <Failed what="This playlist can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!playlist && !error && <Skeleton what="this playlist" shape="block" rows={2} />}
      {playlist && !gone && <Details key={playlist.id} playlist={playlist} />}
    </Page>
  );
}
