/** The frame of concerts and photos: the history, photos and scans as tabs, each with its own address. */
import { Link, Outlet, useLocation } from "@tanstack/react-router";
import { Button } from "@/ui/Button";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";
import { pickFiles } from "@/uploads/face";
import { AddConcert } from "./history/AddConcert";
import { Parts } from "./Parts";
import { pictures } from "./taking";

const HISTORY = [
  { to: "/concerts", name: "All" },
  { to: "/concerts/artists", name: "Artists" },
  { to: "/concerts/venues", name: "Venues" },
  { to: "/concerts/map", name: "Map" },
  { to: "/concerts/statistics", name: "Figures" },
] as const;

const REVIEW = [{ to: "/concerts/review", name: "Review" }] as const;

const PHOTOS = [
  { to: "/photos", name: "Days" },
  { to: "/photos/places", name: "Places" },
  { to: "/photos/alike", name: "Alike" },
] as const;

const SCANS = [{ to: "/photos/scans", name: "Scans" }] as const;

/** Each tab leads to the first of its parts. */
const TABS = [
  { name: "Concerts", parts: HISTORY },
  { name: "Review", parts: REVIEW },
  { name: "Photos", parts: PHOTOS },
  { name: "Scans", parts: SCANS },
] as const;

const EXACTLY = { exact: true, includeSearch: false } as const;

export default function ConcertsFrame() {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const here = TABS.find(({ parts }) => parts.some(({ to }) => to === path)) ?? TABS[0];
  const part = here.parts.find(({ to }) => to === path);
  const photos = path.startsWith("/photos");
  return (
    <Page
      title={photos ? "Photos" : "Concerts"}
      part={part === undefined || part === here.parts[0] && here.name !== "Scans" ? undefined : part.name}
      actions={
        photos ? (
          <Button look="signal" icon="upload" onClick={() => pickFiles(pictures)}>
            Upload photos
          </Button>
        ) : (
          <AddConcert />
        )
      }
    >
      <Tabs label="Concerts and photos">
        {TABS.map(({ name, parts }) => (
          <Link
            key={name}
            to={parts[0].to}
            activeOptions={EXACTLY}
            {...(name === here.name ? { "aria-current": "page" } : {})}
          >
            {name}
          </Link>
        ))}
      </Tabs>
      {here.parts.length > 1 && (
        <Parts label={here.name}>
          {here.parts.map(({ to, name }) => (
            <Link key={to} to={to} activeOptions={EXACTLY}>
              {name}
            </Link>
          ))}
        </Parts>
      )}
      <Outlet />
    </Page>
  );
}
