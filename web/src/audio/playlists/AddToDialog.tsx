/** Where tracks are added: one of the playlists that one may change, or a new one. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { sentenceOf } from "@/api/problem";
import { useStore } from "@/api/store";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Failed, Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import type { Playlist, Track } from "../types";
import { addTracks } from "./actions";
import { adding } from "./adding";
import { PlaylistDialog } from "./PlaylistDialog";
import { playlistsQuery } from "./queries";
import styles from "./playlists.module.css";

function Choice({ tracks, onClose }: { tracks: readonly Track[]; onClose: () => void }) {
  const { data, error, refetch } = useQuery(playlistsQuery);
  const [making, setMaking] = useState(false);
  const [refused, setRefused] = useState<unknown>(null);
  const add = async (playlist: Playlist) => {
    try {
      await addTracks(playlist, tracks);
      onClose();
    } catch (fault) {
      setRefused(fault);
    }
  };
  if (making) return <PlaylistDialog onClose={() => setMaking(false)} onMade={add} />;
  const mine = data?.items.filter(({ rank }) => rank === "owner" || rank === "editor") ?? [];
  const [first] = tracks;
  const what = tracks.length === 1 && first ? `“${first.title}”` : `${tracks.length} tracks`;
  return (
    <Dialog title={`Add ${what} to a playlist`} onClose={onClose}>
      {refused !== null && <Notice>{sentenceOf(refused)}</Notice>}
      {error && <Failed what="Your playlists can't be shown" error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton what="your playlists" rows={3} />}
      <ul className={styles.choices}>
        {mine.map((playlist) => (
          <li key={playlist.id}>
            <Button icon="playlist" onClick={() => void add(playlist)}>
              {playlist.name}
            </Button>
          </li>
        ))}
      </ul>
      <Button icon="plus" look="signal" onClick={() => setMaking(true)}>
        New playlist
      </Button>
    </Dialog>
  );
}

export function AddTo() {
  const tracks = useStore(adding);
  if (tracks.length === 0) return null;
  return <Choice tracks={tracks} onClose={() => adding.set([])} />;
}
