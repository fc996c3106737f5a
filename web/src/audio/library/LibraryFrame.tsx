/** The frame of the library: its parts as tabs, each with its own address. */
import { Link, useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Page } from "@/ui/Page";
import { Tabs } from "@/ui/Tabs";

const PARTS = [
  { to: "/library", name: "Tracks" },
  { to: "/library/discover", name: "Discover" },
  { to: "/library/playlists", name: "Playlists" },
  { to: "/library/feed", name: "Feed" },
  { to: "/library/people", name: "People" },
  { to: "/library/shares", name: "Shared links" },
  { to: "/library/history", name: "History" },
  { to: "/library/folders", name: "Folders" },
  { to: "/library/duplicates", name: "Duplicates" },
] as const;

interface Props {
  actions?: ReactNode;
  children: ReactNode;
}

export function LibraryFrame({ actions, children }: Props) {
  const path = useLocation({ select: ({ pathname }) => pathname });
  const part = PARTS.find(({ to }) => to === path);
  return (
    <Page
      title="Library"
      part={part?.to === "/library" ? undefined : part?.name}
      actions={actions}
    >
      <Tabs label="Library">
        {PARTS.map(({ to, name }) => (
          <Link key={to} to={to} activeOptions={{ exact: true, includeSearch: false }}>
            {name}
          </Link>
        ))}
      </Tabs>
      {children}
    </Page>
  );
}
