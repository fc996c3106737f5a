/** What concerts show of themselves outside their folder: the history, photos, scans. */
import type { Face } from "@/shell/face";
import { pickFiles } from "@/uploads/face";
import { audit } from "./audit";
import { Adding } from "./history/Adding";
import { adding } from "./history/keys";
import { search } from "./history/search";
import { tables } from "./imports/taking";
import { keys } from "./keys";
import { concertsHearing } from "./live";
import { pages } from "./routes";
import { pictures } from "./taking";

export const concerts = {
  name: "concerts",
  inside: pages,
  rail: [{ to: "/concerts", also: ["/photos"], icon: "ticket", label: "Concerts" }],
  commands: [
    { key: "concerts", label: "Concerts", icon: "ticket", run: "/concerts" },
    { key: "seen-artists", label: "Artists whom I saw", icon: "user", run: "/concerts/artists" },
    { key: "seen-venues", label: "Venues where I was", icon: "place", run: "/concerts/venues" },
    { key: "concert-map", label: "Map of concerts", icon: "place", run: "/concerts/map" },
    { key: "concert-figures", label: "Concerts in figures", icon: "ticket", run: "/concerts/statistics" },
    { key: "import-concerts", label: "Import concerts from a table", icon: "upload", run: "/concerts/import" },
    { key: "add-concert", label: "Add a concert", icon: "plus", run: () => adding.set({}) },
    { key: "photos", label: "Photos", icon: "photo", run: "/photos" },
    { key: "photo-places", label: "Places of photos", icon: "place", run: "/photos/places" },
    { key: "photos-alike", label: "Photos that look alike", icon: "photo", run: "/photos/alike" },
    { key: "reviews", label: "Photos to review", icon: "check", run: "/concerts/review" },
    { key: "scans", label: "Scans for photos", icon: "folder", run: "/photos/scans" },
    {
      key: "upload-photos",
      label: "Upload photos",
      icon: "upload",
      run: () => pickFiles(pictures),
    },
  ],
  search,
  keys,
  audit,
  live: concertsHearing,
  over: Adding,
  figures: {
    concerts: { label: "Concerts", icon: "ticket" },
    photos: { label: "Photos", icon: "photo" },
  },
  scopes: [
    {
      name: "concerts",
      label: "Concerts and photos",
      reads: "List concerts, photos and scans, look at them",
      writes: "Add, change, delete concerts and photos, begin scans",
    },
  ],
  taking: [pictures, tables],
} as const satisfies Face;
