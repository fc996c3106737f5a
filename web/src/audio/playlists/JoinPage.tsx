/** The page behind the link of an invitation to a playlist: to which, from whom, and the way in. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { Problem, sentenceOf } from "@/api/problem";
import type { Schemas } from "@/api/types";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed, Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import type { Playlist } from "../types";
import { heldToken, holdToken } from "./held";
import { PLAYLISTS } from "./queries";

export default function JoinPage() {
  const [token] = useState(heldToken);
  const navigate = useNavigate();
  const { data, error, refetch } = useQuery({
    queryKey: ["playlist-invitation", token],
    queryFn: ({ signal }) =>
      http.post<Schemas["PlaylistOffer"]>("/playlists/invitations/look", { token }, { signal }),
    enabled: token !== "",
  });
  const open = async (playlistId: string) => {
    holdToken("");
    await navigate({ to: "/playlists/$playlistId", params: { playlistId }, replace: true });
  };
  const joining = useMutation({
    mutationFn: () => http.post<Playlist>("/playlists/invitations/accept", { token }),
    onSuccess: async ({ id }) => {
      await queryClient.invalidateQueries({ queryKey: PLAYLISTS });
      await open(id);
    },
  });
  const gone = token === "" || (error instanceof Problem && error.status === 404);
  return (
    <Page title="An invitation">
      {gone && (
        <Notice title="This invitation lets nobody in">
          Ask for a new link, and open the whole of it, with everything after #.{" "}
          <Link to="/library/playlists">Go to your playlists</Link>
        </Notice>
      )}
      {error && !gone && (
        <Failed what="It can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!data && !error && !gone && <Skeleton what="the invitation" rows={2} />}
      {joining.isError && <Notice title="Not joined">{sentenceOf(joining.error)}</Notice>}
      {data && (
        <Empty
          icon="playlist"
          title={data.is_member ? `You are in “${data.name}” already` : `Join “${data.name}”?`}
          action={
            data.is_member ? (
              <Button look="signal" onClick={() => void open(data.playlist_id)}>
                Open the playlist
              </Button>
            ) : (
              <Button look="signal" disabled={joining.isPending} onClick={() => joining.mutate()}>
                {joining.isPending ? "Joining…" : "Join"}
              </Button>
            )
          }
        >
          <p>
            {data.owner_name === "" ? "Its owner" : data.owner_name} invites you:{" "}
            {data.rank === "editor"
              ? "you can add music of yours, order what is in it, and take things out. What you add can be heard by everybody who sees it."
              : "you can listen to what is in it."}
          </p>
        </Empty>
      )}
    </Page>
  );
}
