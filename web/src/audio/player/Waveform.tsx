/** A track's waveform to look at and to seek on: a canvas under a slider. */
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { waveformQuery } from "../queries";
import type { ByLink, Via } from "../types";
import { useStore } from "@/api/store";
import { themeTurns } from "@/design/theme";
import { clock, spokenTime } from "@/ui/format";
import { drawWaveform } from "./drawWaveform";
import { classes } from "@/ui/classes";
import styles from "./waveform.module.css";

interface Props {
  trackId: string;
  via?: Via | ByLink | undefined;
  label: string;
  position_s: number;
  duration_s: number;
  bufferedTo_s?: number;
  tall?: boolean;
  onSeek: (position_s: number) => void;
}

const STEP_S = 5;
const LEAP_S = 30;

function keyTarget(key: string, position_s: number, duration_s: number): number | null {
  if (key === "ArrowLeft" || key === "ArrowDown") return position_s - STEP_S;
  if (key === "ArrowRight" || key === "ArrowUp") return position_s + STEP_S;
  if (key === "PageDown") return position_s - LEAP_S;
  if (key === "PageUp") return position_s + LEAP_S;
  if (key === "Home") return 0;
  if (key === "End") return duration_s;
  return null;
}

export function Waveform(props: Props) {
  const { trackId, via, label, position_s, duration_s, bufferedTo_s = 0, tall = false, onSeek } = props;
  const { data } = useQuery(waveformQuery(trackId, via));
  const turns = useStore(themeTurns);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState({ width: 0, height: 0 });
  const [pointed, setPointed] = useState<number | null>(null);
  const peaks = data?.peaks;

  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      setSize({ width: element.clientWidth, height: element.clientHeight });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  useEffect(() => {
    if (!canvas.current || size.width === 0) return;
    const whole = Math.max(duration_s, 0.001);
    drawWaveform(canvas.current, peaks ?? [], {
      ...size,
      played: position_s / whole,
      buffered: bufferedTo_s / whole,
      pointed: pointed === null ? null : pointed / whole,
    });
  }, [peaks, size, position_s, duration_s, bufferedTo_s, pointed, turns]);

  const under = (event: PointerEvent<HTMLDivElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const part = (event.clientX - box.left) / Math.max(box.width, 1);
    return Math.min(Math.max(part, 0), 1) * duration_s;
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const target = keyTarget(event.key, position_s, duration_s);
    if (target === null) return;
    event.preventDefault();
    event.stopPropagation();
    onSeek(Math.min(Math.max(target, 0), duration_s));
  };
  return (
    <div
      className={classes(styles.waveform, tall && styles.waveformTall)}
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={Math.round(duration_s)}
      aria-valuenow={Math.floor(position_s)}
      aria-valuetext={`${spokenTime(position_s)} of ${spokenTime(duration_s)}`}
      onKeyDown={onKeyDown}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        setPointed(under(event));
      }}
      onPointerMove={(event) => setPointed(under(event))}
      onPointerLeave={() => setPointed(null)}
      onPointerCancel={() => setPointed(null)}
      onPointerUp={(event) => {
        if (event.button === 0) onSeek(under(event));
        if (event.pointerType !== "mouse") setPointed(null);
      }}
    >
      <canvas ref={canvas} />
      {pointed !== null && duration_s > 0 && (
        <span
          className={styles.waveformTime}
          style={{ left: `${(100 * pointed) / duration_s}%` }}
          aria-hidden="true"
        >
          {clock(pointed)}
        </span>
      )}
    </div>
  );
}
