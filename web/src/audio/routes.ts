/** The addresses of the music: the library, a track, what is playing. */
import { createRoute, lazyRouteComponent, redirect } from "@tanstack/react-router";
import { inside, root, textOf } from "@/shell/roots";
import { holdToken } from "./playlists/held";
import type { TrackSort } from "./types";

const SORTS = new Set<unknown>([
  "-created_at",
  "created_at",
  "title",
  "artist",
  "album",
  "-favorite_at",
  "-rating",
  "-play_count",
  "-last_played_at",
]);

const library = createRoute({
  getParentRoute: () => inside,
  path: "/library",
  validateSearch: (search): { q?: string; sort?: TrackSort; favorite?: boolean } => {
    const q = textOf(search.q);
    const { sort } = search;
    return {
      ...(q === undefined ? {} : { q }),
      ...(SORTS.has(sort) ? { sort: sort as TrackSort } : {}),
      ...(search.favorite === true ? { favorite: true } : {}),
    };
  },
  component: lazyRouteComponent(() => import("./library/LibraryPage")),
});

const history = createRoute({
  getParentRoute: () => inside,
  path: "/library/history",
  component: lazyRouteComponent(() => import("./listening/HistoryPage")),
});

const folders = createRoute({
  getParentRoute: () => inside,
  path: "/library/folders",
  component: lazyRouteComponent(() => import("./folders/FoldersPage")),
});

const duplicates = createRoute({
  getParentRoute: () => inside,
  path: "/library/duplicates",
  validateSearch: ({ by }): { by?: "song" } => (by === "song" ? { by } : {}),
  component: lazyRouteComponent(() => import("./duplicates/DuplicatesPage")),
});

const discover = createRoute({
  getParentRoute: () => inside,
  path: "/library/discover",
  component: lazyRouteComponent(() => import("./discover/DiscoverPage")),
});

const feed = createRoute({
  getParentRoute: () => inside,
  path: "/library/feed",
  component: lazyRouteComponent(() => import("./people/FeedPage")),
});

const people = createRoute({
  getParentRoute: () => inside,
  path: "/library/people",
  validateSearch: ({ show }): { show?: "followers" | "following" | "blocked" } =>
    show === "followers" || show === "following" || show === "blocked" ? { show } : {},
  component: lazyRouteComponent(() => import("./people/PeoplePage")),
});

const person = createRoute({
  getParentRoute: () => inside,
  path: "/people/$personId",
  validateSearch: ({ show }): { show?: "followers" | "following" } =>
    show === "followers" || show === "following" ? { show } : {},
  component: lazyRouteComponent(() => import("./people/PersonPage")),
});

const playlists = createRoute({
  getParentRoute: () => inside,
  path: "/library/playlists",
  component: lazyRouteComponent(() => import("./playlists/PlaylistsPage")),
});

const shares = createRoute({
  getParentRoute: () => inside,
  path: "/library/shares",
  component: lazyRouteComponent(() => import("./shares/SharesPage")),
});

const playlist = createRoute({
  getParentRoute: () => inside,
  path: "/playlists/$playlistId",
  component: lazyRouteComponent(() => import("./playlists/PlaylistPage")),
});

const joining = createRoute({
  getParentRoute: () => inside,
  path: "/playlists/join",
  component: lazyRouteComponent(() => import("./playlists/JoinPage")),
});

/** The link of an invitation: what stands behind its `#` is kept here, and in no address. */
const invitation = createRoute({
  getParentRoute: () => root,
  path: "/playlists/invitation",
  beforeLoad: ({ location }) => {
    holdToken(location.hash);
    throw redirect({ to: "/playlists/join", hash: "", replace: true });
  },
});

const track = createRoute({
  getParentRoute: () => inside,
  path: "/tracks/$trackId",
  component: lazyRouteComponent(() => import("./library/TrackPage")),
});

const playing = createRoute({
  getParentRoute: () => inside,
  path: "/playing",
  component: lazyRouteComponent(() => import("./player/PlayingPage")),
});

/** The link of a share, for everybody. What stands behind its `#` stays there: it may be kept. */
const shared = createRoute({
  getParentRoute: () => root,
  path: "/s",
  component: lazyRouteComponent(() => import("./shared/SharedPage")),
});

export const outside = [invitation, shared] as const;

export const pages = [
  library,
  history,
  folders,
  duplicates,
  discover,
  feed,
  people,
  person,
  playlists,
  shares,
  playlist,
  joining,
  track,
  playing,
] as const;
