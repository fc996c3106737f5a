/** A value outside React that components can follow: get, set, subscribe. */
import { useLayoutEffect, useSyncExternalStore } from "react";

export interface Store<T> {
  get: () => T;
  set: (next: T) => void;
  subscribe: (listener: () => void) => () => void;
}

export function createStore<T>(initial: T): Store<T> {
  let value = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

export function useStore<T>(store: Store<T>): T {
  return useSyncExternalStore(store.subscribe, store.get);
}

/** Tells a store what is shown, as long as it is: keys do what the page says from its first paint on. */
export function useTelling<T>(store: Store<T | null>, value: T | null): void {
  useLayoutEffect(() => store.set(value));
  useLayoutEffect(() => () => store.set(null), [store]);
}
