/** One box to go anywhere: pages, actions and tracks by name. `/` or Ctrl-K opens it. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useDeferredValue, useId, useState, type KeyboardEvent } from "react";
import { meQuery, trackPage } from "@/api/queries";
import type { Track } from "@/api/types";
import { signOut } from "@/auth/signOut";
import { setTheme, THEMES } from "@/design/theme";
import { playTrack } from "@/player/player";
import { byline } from "@/ui/byline";
import { Dialog } from "@/ui/Dialog";
import { Icon, type IconName } from "@/ui/Icon";
import { pickFiles } from "@/uploads/picker";
import { closeOverlay, openHelp } from "./overlays";
import "./palette.css";

interface Entry {
  key: string;
  label: string;
  detail?: string;
  icon: IconName;
  run: () => void;
}

const PLACES = [
  { to: "/account", label: "Account", icon: "user" },
  { to: "/account/security", label: "Password and second factor", icon: "lock" },
  { to: "/account/sessions", label: "Sessions", icon: "computer" },
  { to: "/account/tokens", label: "API tokens", icon: "key" },
  { to: "/account/activity", label: "Activity", icon: "check" },
  { to: "/admin", label: "Administration", icon: "admin" },
  { to: "/admin/jobs", label: "Jobs", icon: "retry" },
  { to: "/admin/outbox", label: "Outbox", icon: "mail" },
  { to: "/admin/audit", label: "Audit log", icon: "search" },
] as const;

type Place = "/" | "/library" | "/playing" | (typeof PLACES)[number]["to"];

const SHOWN_TRACKS = 8;

function useCommands(): Entry[] {
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  const go = (to: Place) => () => void navigate({ to });
  return [
    { key: "home", label: "Home", icon: "home", run: go("/") },
    { key: "library", label: "Library", icon: "library", run: go("/library") },
    { key: "playing", label: "Now playing", icon: "play", run: go("/playing") },
    { key: "upload", label: "Upload music", icon: "upload", run: pickFiles },
    ...PLACES.filter(({ to }) => me?.role === "admin" || !to.startsWith("/admin")).map(
      ({ to, label, icon }) => ({ key: to, label, icon, run: go(to) }),
    ),
    ...THEMES.map(({ value, name }) => ({
      key: value,
      label: `Theme: ${name.toLowerCase()}`,
      icon: "edit" as const,
      run: () => setTheme(value),
    })),
    { key: "keys", label: "Show the keys", icon: "more", run: openHelp },
    { key: "out", label: "Sign out", icon: "back", run: () => void signOut() },
  ];
}

const trackEntry = (track: Track, list: readonly Track[]): Entry => ({
  key: track.id,
  label: track.title,
  detail: byline(track),
  icon: "play",
  run: () => playTrack(track, list),
});

export function Palette() {
  const id = useId();
  const [text, setText] = useState("");
  const [at, setAt] = useState(0);
  const wanted = useDeferredValue(text.trim());
  const commands = useCommands();
  const { data } = useQuery({
    queryKey: ["tracks", "palette", wanted],
    queryFn: ({ signal }) => trackPage({ q: wanted, sort: "title" }, null, signal),
    enabled: wanted !== "",
    placeholderData: keepPreviousData,
  });
  const ready = wanted === "" ? [] : (data?.items ?? []).filter((each) => each.status === "ready");
  const typed = text.trim().toLowerCase();
  const begins = ({ label }: Entry) => label.toLowerCase().startsWith(typed);
  const holds = ({ label }: Entry) => label.toLowerCase().includes(typed);
  const entries = [
    ...commands.filter(begins),
    ...ready.slice(0, SHOWN_TRACKS).map((track) => trackEntry(track, ready)),
    ...commands.filter((command) => holds(command) && !begins(command)),
  ];
  const chosen = Math.min(at, Math.max(entries.length - 1, 0));

  const run = (entry: Entry | undefined) => {
    if (!entry) return;
    closeOverlay();
    entry.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown") setAt((chosen + 1) % Math.max(entries.length, 1));
    else if (event.key === "ArrowUp") {
      setAt((chosen - 1 + entries.length) % Math.max(entries.length, 1));
    } else if (event.key === "Enter") run(entries[chosen]);
    else return;
    event.preventDefault();
  };
  const entryId = (index: number) => `${id}-${index}`;
  return (
    <Dialog title="Go to" bare onClose={closeOverlay}>
      <div className="palette">
        <div className="palette-box">
          <Icon name="search" />
          <input
            type="text"
            role="combobox"
            aria-label="Page, action or track"
            aria-expanded="true"
            aria-controls={`${id}-list`}
            aria-activedescendant={entries.length > 0 ? entryId(chosen) : undefined}
            autoComplete="off"
            spellCheck={false}
            placeholder="Page, action or track"
            value={text}
            onChange={(event) => {
              setText(event.target.value);
              setAt(0);
            }}
            onKeyDown={onKeyDown}
          />
          <kbd>Esc</kbd>
        </div>
        <div className="palette-list" id={`${id}-list`} role="listbox" aria-label="Results">
          {entries.map((entry, index) => (
            <button
              key={entry.key}
              id={entryId(index)}
              type="button"
              role="option"
              tabIndex={-1}
              aria-selected={index === chosen}
              onPointerMove={() => setAt(index)}
              onClick={() => run(entry)}
            >
              <Icon name={entry.icon} size={18} />
              <span>{entry.label}</span>
              {entry.detail !== undefined && <small>{entry.detail}</small>}
            </button>
          ))}
        </div>
        {entries.length === 0 && <p className="palette-none">Nothing here is called that.</p>}
      </div>
    </Dialog>
  );
}
