/** Which rows of a long list are near the screen, for lists whose rows are all as high. */
import { useEffect, useState, type RefObject } from "react";

export interface RowWindow {
  from: number;
  to: number;
}

const OVERSCAN_ROWS = 12;
const FIRST_ROWS = 40;

/** `list` is the element whose top edge is the first row's; the page itself scrolls. */
export function useWindow(
  list: RefObject<HTMLElement | null>,
  count: number,
  rowHeight_px: number,
): RowWindow {
  const [range, setRange] = useState<RowWindow>({ from: 0, to: FIRST_ROWS });

  useEffect(() => {
    let frame = 0;
    const measure = () => {
      frame = 0;
      const top = list.current?.getBoundingClientRect().top ?? 0;
      const first = Math.floor(-top / rowHeight_px) - OVERSCAN_ROWS;
      const last = Math.ceil((window.innerHeight - top) / rowHeight_px) + OVERSCAN_ROWS;
      const next = { from: Math.max(first, 0), to: Math.max(last, 0) };
      setRange((now) => (now.from === next.from && now.to === next.to ? now : next));
    };
    const later = () => {
      frame ||= requestAnimationFrame(measure);
    };
    later();
    window.addEventListener("scroll", later, { passive: true });
    window.addEventListener("resize", later);
    return () => {
      cancelAnimationFrame(frame);
      window.removeEventListener("scroll", later);
      window.removeEventListener("resize", later);
    };
  }, [list, rowHeight_px, count]);

  return { from: Math.min(range.from, count), to: Math.min(range.to, count) };
}
