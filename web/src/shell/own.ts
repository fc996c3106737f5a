/** The shell's own faces: home and the palette stand before the domains', the themes after them. */
import { createRoute } from "@tanstack/react-router";
import { setTheme, THEMES } from "@/design/theme";
import type { Face } from "./face";
import { HomePage } from "./home/HomePage";
import { openHelp, openPalette } from "./overlays";
import { inside } from "./roots";

const home = createRoute({ getParentRoute: () => inside, path: "/", component: HomePage });

export const first = {
  name: "home",
  inside: [home],
  rail: [{ to: "/", icon: "home", label: "Home" }],
  commands: [{ key: "home", label: "Home", icon: "home", run: "/" }],
  keys: {
    help: [{ keys: ["/", "Ctrl K"], does: "Go anywhere, find anything" }],
    press: ({ key }) => {
      if (key === "/") openPalette();
      return key === "/";
    },
  },
} as const satisfies Face;

export const last = {
  name: "themes",
  commands: [
    ...THEMES.map(({ value, name }) => ({
      key: `theme-${value}`,
      label: `Theme: ${name.toLowerCase()}`,
      icon: "edit" as const,
      run: () => setTheme(value),
    })),
    { key: "keys", label: "Show the keys", icon: "more", run: openHelp },
  ],
  you: () => [{ key: "keys", label: "Keys", icon: "more", run: openHelp }],
  keys: {
    help: [
      { keys: ["?"], does: "Show these keys" },
      { keys: ["Esc"], does: "Close what is open" },
    ],
    press: ({ key }) => {
      if (key === "?") openHelp();
      return key === "?";
    },
  },
} as const satisfies Face;
