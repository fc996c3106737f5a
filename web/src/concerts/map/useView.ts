/** Moving around a map: by pointer, by wheel, by two fingers, by keys. */
import { useEffect, useEffectEvent, useLayoutEffect, useRef, useState, type RefObject } from "react";
import { bounded, fitted, moved, zoomed, type Place, type Size, type Spot, type View } from "./view";

const NOTHING: Size = { width_px: 0, height_px: 0 };
const STEP_PX = 80;
const STEP = 2;
/** A notch of a wheel is about 100 px. */
const WHEEL = 0.0022;
const PINCH = 0.01;
const LINE_PX = 20;
/** Nearer than that, a press is a press and no move. */
const MOVES_PX = 4;

const KEYS: Readonly<Record<string, (view: View, size: Size) => View>> = {
  ArrowLeft: (view, size) => moved(view, size, STEP_PX, 0),
  ArrowRight: (view, size) => moved(view, size, -STEP_PX, 0),
  ArrowUp: (view, size) => moved(view, size, 0, STEP_PX),
  ArrowDown: (view, size) => moved(view, size, 0, -STEP_PX),
  "+": (view, size) => zoomed(view, size, STEP),
  "=": (view, size) => zoomed(view, size, STEP),
  "-": (view, size) => zoomed(view, size, 1 / STEP),
};

interface Touch extends Spot {
  id: number;
}

const middle = (touches: readonly Touch[]): Spot => ({
  left_px: touches.reduce((sum, { left_px }) => sum + left_px, 0) / touches.length,
  top_px: touches.reduce((sum, { top_px }) => sum + top_px, 0) / touches.length,
});

function spread([one, other]: readonly Touch[]): number {
  return one && other ? Math.hypot(one.left_px - other.left_px, one.top_px - other.top_px) : 0;
}

/** What of the world is shown in an element: all of `places` until somebody moves. */
export function useView(element: RefObject<HTMLElement | null>, places: readonly Place[]) {
  const [size, setSize] = useState(NOTHING);
  const [chosen, setChosen] = useState<View | null>(null);
  const view = chosen === null ? fitted(places, size) : bounded(chosen, size);
  const touches = useRef<readonly Touch[]>([]);
  const [moving, setMoving] = useState(false);

  useLayoutEffect(() => {
    const measured = new ResizeObserver(([entry]) => {
      if (!entry) return;
      const { width, height } = entry.contentRect;
      setSize({ width_px: width, height_px: height });
    });
    if (element.current) measured.observe(element.current);
    return () => measured.disconnect();
  }, [element]);

  const change = (how: (view: View) => View) =>
    setChosen((now) => how(now === null ? fitted(places, size) : bounded(now, size)));

  const spotAt = ({ clientX, clientY }: { clientX: number; clientY: number }): Spot => {
    const box = element.current?.getBoundingClientRect();
    return { left_px: clientX - (box?.left ?? 0), top_px: clientY - (box?.top ?? 0) };
  };

  const onWheel = useEffectEvent((event: WheelEvent) => {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    const by = event.deltaY * lines * (event.ctrlKey ? PINCH : WHEEL);
    const spot = spotAt(event);
    change((now) => zoomed(now, size, 2 ** -by, spot));
  });
  // React listens to wheels passively, and the page would scroll.
  useEffect(() => {
    const place = element.current;
    const listen = (event: WheelEvent) => onWheel(event);
    place?.addEventListener("wheel", listen, { passive: false });
    return () => place?.removeEventListener("wheel", listen);
  }, [element]);

  const onPointerDown = (event: React.PointerEvent) => {
    if (event.button !== 0) return;
    touches.current = [...touches.current, { id: event.pointerId, ...spotAt(event) }].slice(-2);
  };
  const onPointerMove = (event: React.PointerEvent) => {
    const before = touches.current;
    const own = before.find(({ id }) => id === event.pointerId);
    if (!own) return;
    const spot = spotAt(event);
    const far = Math.hypot(spot.left_px - own.left_px, spot.top_px - own.top_px) >= MOVES_PX;
    if (!moving && !far) return;
    if (!moving) {
      // From here on it is a move: what lies below isn't pressed.
      setMoving(true);
      event.currentTarget.setPointerCapture(event.pointerId);
    }
    const after = before.map((each) => (each.id === event.pointerId ? { ...each, ...spot } : each));
    touches.current = after;
    const [from, to] = [middle(before), middle(after)];
    const factor = after.length > 1 ? spread(after) / Math.max(spread(before), 1) : 1;
    change((now) =>
      zoomed(moved(now, size, to.left_px - from.left_px, to.top_px - from.top_px), size, factor, to),
    );
  };
  const onPointerUp = (event: React.PointerEvent) => {
    touches.current = touches.current.filter(({ id }) => id !== event.pointerId);
    if (touches.current.length === 0) setMoving(false);
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const does = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : undefined;
    if (does) change((now) => does(now, size));
    else if (event.key === "0") setChosen(null);
    else return;
    event.preventDefault();
  };
  const onDoubleClick = (event: React.MouseEvent) => {
    if (event.target instanceof Element && event.target.closest("button")) return;
    const spot = spotAt(event);
    change((now) => zoomed(now, size, event.shiftKey ? 1 / STEP : STEP, spot));
  };

  return {
    size,
    view,
    moving,
    isWhole: chosen === null,
    handlers: { onPointerDown, onPointerMove, onPointerUp, onPointerCancel: onPointerUp, onKeyDown, onDoubleClick },
    zoomIn: () => change((now) => zoomed(now, size, STEP)),
    zoomOut: () => change((now) => zoomed(now, size, 1 / STEP)),
    showAll: () => setChosen(null),
    /** As close as that shows all of these. */
    show: (some: readonly Place[]) => setChosen(fitted(some, size, Infinity)),
  };
}
