/** With whom a playlist is shared: who sees it, who is in it, and a link that lets people in. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import type { Schemas } from "@/api/types";
import { Button } from "@/ui/Button";
import { CopyButton } from "@/ui/CopyButton";
import { Dialog } from "@/ui/Dialog";
import { Failed, Notice } from "@/ui/Notice";
import { Select } from "@/ui/Select";
import { Skeleton } from "@/ui/Skeleton";
import { Tag } from "@/ui/Tag";
import { toast } from "@/ui/toasts";
import type { Playlist } from "../types";
import { editPlaylist, rankMember, removeMember } from "./actions";
import { Links } from "../shares/Links";
import { VISIBILITIES } from "./PlaylistDialog";
import { membersQuery, type Member, type Visibility } from "./queries";
import styles from "./playlists.module.css";

const RANKS = [
  { value: "editor", name: "Can change it" },
  { value: "viewer", name: "Can listen" },
];
const addressOf = (path: string) => new URL(path, location.origin).href;

function Invite({ playlist }: { playlist: Playlist }) {
  const [rank, setRank] = useState("editor");
  const [url, setUrl] = useState<string | null>(null);
  const [fault, setFault] = useState<unknown>(null);
  const make = async () => {
    try {
      const made = await http.post<Schemas["NewPlaylistInvitation"]>(
        `/playlists/${playlist.id}/invitations`,
        { rank },
      );
      setUrl(addressOf(`/playlists/invitation#${made.token}`));
    } catch (error) {
      setFault(error);
    }
  };
  return (
    <section className={styles.form} aria-labelledby="invite">
      <h3 id="invite">Invite people</h3>
      {fault !== null && <Notice>{sentenceOf(fault)}</Notice>}
      {url === null ? (
        <div className={styles.pair}>
          <Select
            label="Whoever comes by the link"
            options={RANKS}
            value={rank}
            onChange={(event) => setRank(event.target.value)}
          />
          <Button onClick={() => void make()}>Make a link</Button>
        </div>
      ) : (
        <>
          <p>
            It lets in ten people within a week, and is shown this one time. Give it only to those who
            should come in.
          </p>
          <code className={styles.link} translate="no">
            {url}
          </code>
          <CopyButton text={url}>Copy the link</CopyButton>
        </>
      )}
    </section>
  );
}

function Person({ playlist, member }: { playlist: Playlist; member: Member }) {
  const name = member.name === "" ? "Somebody" : member.name;
  const remove = async () => {
    try {
      await removeMember(playlist, member.user_id);
      toast({ text: `${name} isn't in “${playlist.name}” any more.` });
    } catch (error) {
      toast({ tone: "trouble", text: `${name} is still in it. ${sentenceOf(error)}` });
    }
  };
  if (member.rank === "owner") {
    return (
      <li>
        <strong>{name}</strong>
        <Tag>Owner</Tag>
      </li>
    );
  }
  return (
    <li>
      <strong>{name}</strong>
      <select
        aria-label={`What ${name} may do`}
        value={member.rank}
        onChange={(event) => void rankMember(playlist, member, event.target.value)}
      >
        {RANKS.map((each) => (
          <option key={each.value} value={each.value}>
            {each.name}
          </option>
        ))}
      </select>
      <Button small aria-label={`Remove ${name}`} onClick={() => void remove()}>
        Remove
      </Button>
    </li>
  );
}

export function ShareDialog({ playlist, onClose }: { playlist: Playlist; onClose: () => void }) {
  const { data, error, refetch } = useQuery(membersQuery(playlist.id));
  const [fault, setFault] = useState<unknown>(null);
  const show = async (visibility: Visibility) => {
    try {
      await editPlaylist(playlist.id, { visibility });
    } catch (problem) {
      setFault(problem);
    }
  };
  return (
    <Dialog title={`Share “${playlist.name}”`} onClose={onClose}>
      {fault !== null && <Notice>{sentenceOf(fault)}</Notice>}
      <div className={styles.form}>
        <Select
          label="Who may listen"
          options={VISIBILITIES}
          value={playlist.visibility}
          onChange={(event) => void show(event.target.value as Visibility)}
        />
        {playlist.visibility !== "private" && (
          <CopyButton text={addressOf(`/playlists/${playlist.id}`)}>Copy the address</CopyButton>
        )}
      </div>
      <Links folded thing={{ kind: "playlist", id: playlist.id }} />
      <Invite playlist={playlist} />
      <section aria-labelledby="members">
        <h3 id="members">Who is in it</h3>
        {error && <Failed what="Its members can't be shown" error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton what="its members" rows={2} />}
        <ul className={styles.people}>
          {data?.items.map((member) => (
            <Person key={member.user_id} playlist={playlist} member={member} />
          ))}
        </ul>
      </section>
    </Dialog>
  );
}
