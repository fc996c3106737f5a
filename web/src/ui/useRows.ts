/** Which rows of a long list are in the document, and which one the keyboard is on. */
import { defaultRangeExtractor, useWindowVirtualizer, type Range } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState, type RefObject } from "react";

/** A row, or the room that rows outside of the document take. */
type Shown<T> = { key: string; item: T; index: number } | { key: string; space_px: number };

const OVERSCAN_ROWS = 12;
/** The list's head, which stays; the player and the phone's bar. */
const HEAD_PX = 40;
const FOOT_PX = 160;
const PAGE_ROWS = 10;

/** Where a key leads from a row; null when it leads nowhere. */
export function target(key: string, from: number, count: number): number | null {
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: from + 1,
    ArrowUp: from - 1,
    PageDown: from + PAGE_ROWS,
    PageUp: from - PAGE_ROWS,
    Home: 0,
    End: count - 1,
  };
  const to = Object.hasOwn(steps, key) ? steps[key] : undefined;
  return to === undefined ? null : Math.min(Math.max(to, 0), count - 1);
}

/** `body` is the element whose top edge is the first row's; the page itself scrolls. */
export function useRows<T>(
  body: RefObject<HTMLElement | null>,
  items: readonly T[],
  keyOf: (item: T) => string,
  row_px: number,
) {
  // The virtualizer changes in place, which the compiler can't know.
  "use no memo";
  const [top, setTop] = useState(0);
  const [activeKey, setActiveKey] = useState<string | null>(null);
  const [activeAt, setActiveAt] = useState(0);
  const goingTo = useRef<number | null>(null);
  const found = activeKey === null ? 0 : items.findIndex((each) => keyOf(each) === activeKey);
  // A row that left the list hands over to the one that takes its place.
  const active = found >= 0 ? found : Math.max(Math.min(activeAt, items.length - 1), 0);
  if (found >= 0 && found !== activeAt) setActiveAt(found);
  const holder = useRef<Element | null>(null);

  // Whatever grows or goes above the list changes the page's height.
  useEffect(() => {
    const measured = new ResizeObserver(() => {
      const box = body.current?.getBoundingClientRect();
      if (box) setTop(Math.round(box.top + window.scrollY));
    });
    measured.observe(document.body);
    return () => measured.disconnect();
  }, [body]);

  const virtualizer = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => row_px,
    overscan: OVERSCAN_ROWS,
    scrollMargin: top,
    scrollPaddingStart: HEAD_PX,
    scrollPaddingEnd: FOOT_PX,
    // The row that has the focus stays, wherever one scrolls.
    rangeExtractor: (range: Range) =>
      [...new Set([...defaultRangeExtractor(range), Math.min(active, range.count - 1)])].sort(
        (one, other) => one - other,
      ),
  });

  useLayoutEffect(() => {
    // With it goes the focus, which the browser drops with the row that had it.
    const lost = holder.current !== null && !holder.current.isConnected;
    if (lost && document.activeElement === document.body) goingTo.current = active;
    if (lost) holder.current = null;
    if (goingTo.current !== active) return;
    goingTo.current = null;
    body.current
      ?.querySelector<HTMLElement>(`[data-index="${active}"]`)
      ?.focus({ preventScroll: true });
  });

  const rows: Shown<T>[] = [];
  let next = 0;
  let last = 0;
  for (const { index } of virtualizer.getVirtualItems()) {
    const item = items[index];
    if (item === undefined) continue;
    if (index > next) rows.push({ key: `space-${next}`, space_px: (index - next) * row_px });
    rows.push({ key: keyOf(item), item, index });
    next = index + 1;
    last = virtualizer.range?.endIndex ?? index;
  }
  if (next < items.length) rows.push({ key: "space-end", space_px: (items.length - next) * row_px });

  const activate = (index: number) => {
    const item = items[index];
    if (item !== undefined) setActiveKey(keyOf(item));
  };
  return {
    rows,
    /** Tells which element has the focus of a row. */
    hold: (element: Element | null) => {
      holder.current = element;
    },
    /** The last row on the screen. */
    last,
    active,
    activate,
    /** Goes where a key leads; false when it isn't one of ours. */
    move: (key: string) => {
      const to = target(key, active, items.length);
      if (to === null) return false;
      goingTo.current = to;
      activate(to);
      virtualizer.scrollToIndex(to, { align: "auto" });
      return true;
    },
  };
}
