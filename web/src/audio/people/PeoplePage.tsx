/** Who can be found here, who follows one, whom one follows and has blocked; and one's own choice. */
import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { meQuery } from "@/api/queries";
import { Empty } from "@/ui/Empty";
import { Tabs } from "@/ui/Tabs";
import { LibraryFrame } from "../library/LibraryFrame";
import { BeFound } from "./BeFound";
import { PeopleList } from "./PeopleList";
import { profileQuery } from "./queries";

const counted = (label: string, count: number | undefined) =>
  count === undefined ? label : `${label} (${count.toLocaleString()})`;

function Shown({ show, myId }: { show: "followers" | "following" | "blocked" | undefined; myId: string }) {
  switch (show) {
    case "followers":
      return (
        <PeopleList
          path={`/users/${myId}/followers`}
          what="Your followers"
          since="Follows you since"
          mine="followers"
          myId={myId}
          empty={
            <Empty icon="user" title="Nobody follows you">
              <p>Whoever follows you hears of your public playlists, and sees nothing else of yours.</p>
            </Empty>
          }
        />
      );
    case "following":
      return (
        <PeopleList
          path={`/users/${myId}/following`}
          what="People you follow"
          since="Followed since"
          myId={myId}
          empty={
            <Empty icon="user" title="You follow nobody">
              <p>
                What those you follow do in public is in your feed. <Link to="/library/people">Find people</Link>
              </p>
            </Empty>
          }
        />
      );
    case "blocked":
      return (
        <PeopleList
          path="/audio/blocked"
          what="People you have blocked"
          since="Blocked"
          mine="blocked"
          myId={myId}
          empty={
            <Empty icon="lock" title="Nobody is blocked">
              <p>Who is blocked can’t find or follow you. They aren’t told.</p>
            </Empty>
          }
        />
      );
    case undefined:
      return (
        <PeopleList
          path="/audio/people"
          what="People here"
          since="Here since"
          myId={myId}
          empty={
            <Empty icon="user" title="Nobody to find yet">
              <p>People are listed here once they choose to be found. Be the first: turn it on above.</p>
            </Empty>
          }
        />
      );
  }
}

export default function PeoplePage() {
  const { show } = useSearch({ from: "/in/library/people" });
  const { data: me } = useQuery(meQuery);
  const { data: profile } = useQuery(profileQuery);
  const parts = [
    { key: "everybody", label: "Everybody", search: {} },
    {
      key: "following",
      label: counted("Following", profile?.following_count),
      search: { show: "following" as const },
    },
    {
      key: "followers",
      label: counted("Followers", profile?.follower_count),
      search: { show: "followers" as const },
    },
    { key: "blocked", label: "Blocked", search: { show: "blocked" as const } },
  ];
  return (
    <LibraryFrame>
      <BeFound />
      <Tabs label="People">
        {parts.map(({ key, label, search }) => (
          <Link key={key} to="/library/people" search={search} activeOptions={{ exact: true, includeSearch: true }}>
            {label}
          </Link>
        ))}
      </Tabs>
      {me && <Shown key={show ?? "everybody"} show={show} myId={me.id} />}
    </LibraryFrame>
  );
}
