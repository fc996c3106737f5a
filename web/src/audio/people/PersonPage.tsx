/** A person: their public playlists, who follows them, whom they follow, and a button to follow. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { Problem } from "@/api/problem";
import { meQuery } from "@/api/queries";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Icon } from "@/ui/Icon";
import { Menu } from "@/ui/Menu";
import { Failed, Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import rows from "@/ui/rows.module.css";
import { Skeleton } from "@/ui/Skeleton";
import { Tabs } from "@/ui/Tabs";
import { Tag } from "@/ui/Tag";
import { When } from "@/ui/When";
import { nameOf, setBlocked } from "./actions";
import { FollowButton } from "./FollowButton";
import { PeopleList } from "./PeopleList";
import { personQuery, playlistsOfQuery, type Person } from "./queries";
import styles from "./people.module.css";

function Playlists({ person }: { person: Person }) {
  const query = useInfiniteQuery(playlistsOfQuery(person.id));
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = query;
  const playlists = data?.pages.flatMap(({ items }) => items) ?? [];
  return (
    <>
      {error && <Failed what="The playlists can’t be shown" error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton what="the playlists" rows={6} />}
      {data && playlists.length === 0 && (
        <Empty icon="playlist" title="No public playlist">
          <p>
            {person.is_me
              ? "A playlist is seen here once it is public: its page has “Edit” in the menu."
              : `${nameOf(person)} has none that everybody sees. Follow them, and a new one is in your feed.`}
          </p>
        </Empty>
      )}
      {playlists.length > 0 && (
        <ul className={rows.rows} aria-label="Public playlists">
          {playlists.map(({ id, name, entry_count, updated_at }) => (
            <li key={id} className={rows.row}>
              <span className={rows.rowSign}>
                <Icon name="playlist" />
              </span>
              <span className={rows.rowWords}>
                <span className={rows.rowName}>
                  <Link to="/playlists/$playlistId" params={{ playlistId: id }}>
                    {name}
                  </Link>
                </span>
                <span className={rows.rowMore}>
                  <span>{entry_count === 1 ? "1 track" : `${entry_count} tracks`}</span>
                  <span>
                    Changed <When time={updated_at} />
                  </span>
                </span>
              </span>
            </li>
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? "Fetching…" : "Show more"}
        </Button>
      )}
    </>
  );
}

function Head({ person }: { person: Person }) {
  const { is_me, is_blocked, is_public, follows_me } = person;
  return (
    <header className={styles.head}>
      <span className={styles.portrait} aria-hidden="true">
        {Array.from(nameOf(person))[0]?.toUpperCase()}
      </span>
      <div className={styles.about}>
        <p className={styles.name} aria-hidden="true">
          {nameOf(person)}
        </p>
        <p className={styles.marks}>
          {is_me && <Tag>You</Tag>}
          {follows_me && <Tag>Follows you</Tag>}
          {is_blocked && <Tag tone="trouble">Blocked</Tag>}
        </p>
        {is_me && !is_public && (
          <p className="quiet">
            Nobody else sees this page. <Link to="/library/people">Let others find you</Link>
          </p>
        )}
      </div>
      {!is_me && (
        <div className={styles.does}>
          {is_blocked ? (
            <Button onClick={() => void setBlocked(person, false)}>Unblock</Button>
          ) : (
            <>
              <FollowButton person={person} />
              <Menu
                label={`Actions for ${nameOf(person)}`}
                items={[
                  {
                    key: "block",
                    label: "Block",
                    icon: "lock",
                    trouble: true,
                    run: () => void setBlocked(person, true),
                  },
                ]}
              >
                <Icon name="more" />
              </Menu>
            </>
          )}
        </div>
      )}
    </header>
  );
}

function Shown({ person, show, myId }: { person: Person; show: "followers" | "following" | undefined; myId: string | undefined }) {
  if (show === undefined) return <Playlists person={person} />;
  const name = nameOf(person);
  return show === "followers" ? (
    <PeopleList
      path={`/users/${person.id}/followers`}
      what={`Followers of ${name}`}
      since="Since"
      myId={myId}
      empty={
        <Empty icon="user" title="Nobody to show">
          <p>Of those who follow {name} you see who wants to be found.</p>
        </Empty>
      }
    />
  ) : (
    <PeopleList
      path={`/users/${person.id}/following`}
      what={`People whom ${name} follows`}
      since="Since"
      myId={myId}
      empty={
        <Empty icon="user" title="Nobody to show">
          <p>Of those whom {name} follows you see who wants to be found.</p>
        </Empty>
      }
    />
  );
}

export default function PersonPage() {
  const { personId } = useParams({ from: "/in/people/$personId" });
  const { show } = useSearch({ from: "/in/people/$personId" });
  const { data: me } = useQuery(meQuery);
  const { data: person, error, refetch } = useQuery(personQuery(personId));
  const gone = error instanceof Problem && error.status === 404;
  const params = { personId };
  return (
    <Page title={person ? nameOf(person) : "Person"} headless>
      {gone && (
        <Notice tone="plain" title="Nobody is found here">
          They may not want to be found any more. <Link to="/library/people">Go to people</Link>
        </Notice>
      )}
      {error && !gone && (
        <Failed what="This person can’t be shown" error={error} retry={() => void refetch()} />
      )}
      {!person && !error && <Skeleton what="this person" shape="block" rows={2} />}
      {person && !gone && (
        <>
          <Head person={person} />
          <Tabs label={nameOf(person)}>
            <Link to="/people/$personId" params={params} activeOptions={{ exact: true, includeSearch: true }}>
              Public playlists
            </Link>
            <Link to="/people/$personId" params={params} search={{ show: "followers" }} activeOptions={{ exact: true, includeSearch: true }}>
              {`Followers (${person.follower_count.toLocaleString()})`}
            </Link>
            <Link to="/people/$personId" params={params} search={{ show: "following" }} activeOptions={{ exact: true, includeSearch: true }}>
              {`Following (${person.following_count.toLocaleString()})`}
            </Link>
          </Tabs>
          <Shown key={`${person.id} ${show ?? ""}`} person={person} show={show} myId={me?.id} />
        </>
      )}
    </Page>
  );
}
