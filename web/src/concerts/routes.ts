/** The addresses of concerts, artists and venues; of photos by day, by place, alike; of scans. */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { inside } from "@/shell/roots";
import { readReturn } from "./drive/search";
import { readFilter } from "./filter";
import { readHistory, readNames } from "./history/filter";

const frame = createRoute({
  getParentRoute: () => inside,
  path: "/photos",
  component: lazyRouteComponent(() => import("./ConcertsFrame")),
});

const days = createRoute({
  getParentRoute: () => frame,
  path: "/",
  validateSearch: readFilter,
  component: lazyRouteComponent(() => import("./grid/DaysPage")),
});

const places = createRoute({
  getParentRoute: () => frame,
  path: "/places",
  component: lazyRouteComponent(() => import("./places/PlacesPage")),
});

const alike = createRoute({
  getParentRoute: () => frame,
  path: "/alike",
  component: lazyRouteComponent(() => import("./alike/AlikePage")),
});

const scans = createRoute({
  getParentRoute: () => frame,
  path: "/scans",
  component: lazyRouteComponent(() => import("./scans/ScansPage")),
});

const drive = createRoute({
  getParentRoute: () => frame,
  path: "/drive",
  validateSearch: readReturn,
  component: lazyRouteComponent(() => import("./drive/DriveReturn")),
});

const photo = createRoute({
  getParentRoute: () => inside,
  path: "/photos/$photoId",
  validateSearch: readFilter,
  component: lazyRouteComponent(() => import("./photo/PhotoPage")),
});

const historyFrame = createRoute({
  getParentRoute: () => inside,
  path: "/concerts",
  component: lazyRouteComponent(() => import("./ConcertsFrame")),
});

const history = createRoute({
  getParentRoute: () => historyFrame,
  path: "/",
  validateSearch: readHistory,
  component: lazyRouteComponent(() => import("./history/HistoryPage")),
});

const artists = createRoute({
  getParentRoute: () => historyFrame,
  path: "/artists",
  validateSearch: readNames,
  component: lazyRouteComponent(() => import("./artists/ArtistsPage")),
});

const venues = createRoute({
  getParentRoute: () => historyFrame,
  path: "/venues",
  validateSearch: readNames,
  component: lazyRouteComponent(() => import("./venues/VenuesPage")),
});

const review = createRoute({
  getParentRoute: () => historyFrame,
  path: "/review",
  component: lazyRouteComponent(() => import("./review/ReviewPage")),
});

const map = createRoute({
  getParentRoute: () => historyFrame,
  path: "/map",
  component: lazyRouteComponent(() => import("./map/MapPage")),
});

const statistics = createRoute({
  getParentRoute: () => historyFrame,
  path: "/statistics",
  component: lazyRouteComponent(() => import("./statistics/StatisticsPage")),
});

const imports = createRoute({
  getParentRoute: () => historyFrame,
  path: "/import",
  component: lazyRouteComponent(() => import("./imports/ImportPage")),
});

const concert = createRoute({
  getParentRoute: () => inside,
  path: "/concerts/$concertId",
  component: lazyRouteComponent(() => import("./history/ConcertPage")),
});

const artist = createRoute({
  getParentRoute: () => inside,
  path: "/concerts/artists/$artistId",
  component: lazyRouteComponent(() => import("./artists/ArtistPage")),
});

const venue = createRoute({
  getParentRoute: () => inside,
  path: "/concerts/venues/$venueId",
  component: lazyRouteComponent(() => import("./venues/VenuePage")),
});

export const pages = [
  historyFrame.addChildren([history, artists, venues, map, statistics, imports, review]),
  concert,
  artist,
  venue,
  frame.addChildren([days, places, alike, scans, drive]),
  photo,
] as const;
