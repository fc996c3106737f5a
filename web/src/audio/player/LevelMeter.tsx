/** Left and right level of what sounds right now, as on an amplifier. Still when nothing sounds. */
import { useEffect, useRef, useState } from "react";
import { useStore } from "@/api/store";
import { Meter, type MeterHandle } from "@/ui/Meter";
import { peakDb } from "./analyser";
import { player } from "./state";
import { classes } from "@/ui/classes";
import styles from "./level-meter.module.css";

const FLOOR_DB = -48;
const FALL_DB_PER_S = 30;
const WORDS_EVERY_MS = 250;
const CALM_FRAME_MS = 250;
/** The top eighth, from −6 dBFS on, is red. */
const CLIPS_AT = 1 - 6 / -FLOOR_DB;

const part = (db: number) => Math.max(0, 1 - db / FLOOR_DB);

/** Where the scale of the large one has its marks. */
const MARKS_DB = [-42, -36, -30, -24, -18, -12, -6, -3, 0];

function Scale() {
  return (
    <div className={styles.levelScale} aria-hidden="true">
      {MARKS_DB.map((mark) => (
        <span key={mark} style={{ left: `${part(mark) * 100}%` }}>
          {mark < 0 ? `−${-mark}` : mark}
        </span>
      ))}
    </div>
  );
}

export function LevelMeter({ large = false }: { large?: boolean }) {
  const { status } = useStore(player);
  const left = useRef<MeterHandle>(null);
  const right = useRef<MeterHandle>(null);
  const [peak, setPeak] = useState<number | null>(null);
  const sounding = status === "playing";

  useEffect(() => {
    if (!sounding) {
      left.current?.light(0);
      right.current?.light(0);
      return;
    }
    const calm = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const shown: [number, number] = [FLOOR_DB, FLOOR_DB];
    let before = performance.now();
    let worded = 0;
    let frame = 0;
    const tick = (now: number) => {
      frame = requestAnimationFrame(tick);
      if (calm && now - before < CALM_FRAME_MS) return;
      const fallen = ((now - before) / 1000) * FALL_DB_PER_S;
      before = now;
      shown[0] = Math.max(peakDb(0), shown[0] - fallen, FLOOR_DB);
      shown[1] = Math.max(peakDb(1), shown[1] - fallen, FLOOR_DB);
      left.current?.light(part(shown[0]));
      right.current?.light(part(shown[1]));
      if (now - worded < WORDS_EVERY_MS) return;
      worded = now;
      setPeak(Math.max(...shown));
    };
    frame = requestAnimationFrame(tick);
    return () => cancelAnimationFrame(frame);
  }, [sounding]);

  const size = large ? "bridge" : "normal";
  const silent = !sounding || peak === null || peak <= FLOOR_DB;
  const words = silent ? "silent" : `${peak < -0.5 ? "−" : ""}${Math.abs(Math.round(peak))} dB`;
  return (
    <div className={classes(styles.levelMeter, large && styles.levelLarge)}>
      <div>
        <Meter
          ref={left}
          label="Level"
          text={words}
          level={silent ? 0 : part(peak)}
          clipsAt={CLIPS_AT}
          size={size}
        />
        {large && <Scale />}
        <Meter ref={right} label="Level, right" clipsAt={CLIPS_AT} size={size} hidden />
      </div>
      <span aria-hidden="true">
        {large && "Peak "}
        {silent ? "−∞ dB" : words}
      </span>
    </div>
  );
}
