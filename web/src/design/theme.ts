/** Dark, light or as the system says: stored in this browser, set on the root element. */
import { recall, remember } from "@/api/storage";
import { createStore } from "@/api/store";

export type Theme = "system" | "dark" | "light";

export const THEMES: readonly { value: Theme; name: string }[] = [
  { value: "system", name: "Like the system" },
  { value: "dark", name: "Dark" },
  { value: "light", name: "Light" },
];

const stored = recall("theme");
export const theme = createStore<Theme>(stored === "dark" || stored === "light" ? stored : "system");

/** Counts changes of what is really shown, for those who draw with colours by hand. */
export const themeTurns = createStore(0);

export function setTheme(next: Theme): void {
  theme.set(next);
  remember("theme", next === "system" ? null : next);
  if (next === "system") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = next;
  themeTurns.set(themeTurns.get() + 1);
}

window
  .matchMedia("(prefers-color-scheme: light)")
  .addEventListener("change", () => themeTurns.set(themeTurns.get() + 1));
