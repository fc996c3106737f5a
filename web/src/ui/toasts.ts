/** Short messages over the page, each gone after ten seconds; the list that `<Toasts>` shows. */
import { createStore } from "@/api/store";

export interface Toast {
  key: number;
  text: string;
  tone?: "trouble";
  action?: { label: string; run: () => void };
}

const STAYS_MS = 10_000;
let count = 0;

export const toasts = createStore<readonly Toast[]>([]);

export function dismiss(key: number): void {
  toasts.set(toasts.get().filter((each) => each.key !== key));
}

export function toast(message: Omit<Toast, "key">): void {
  count += 1;
  const key = count;
  toasts.set([...toasts.get().slice(-3), { ...message, key }]);
  setTimeout(() => dismiss(key), STAYS_MS);
}
