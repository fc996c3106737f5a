/** The segmented level meter: the one way in which Backline shows that something flows. */
import { useImperativeHandle, useRef, type CSSProperties, type Ref } from "react";
import "./meter.css";

export interface MeterHandle {
  /** Lights a part (0 to 1) without a render, for levels that change sixty times a second. */
  light: (level: number) => void;
}

interface Props {
  /** What is measured, for those who can't see it. */
  label: string;
  /** 0 to 1; left out where a handle drives it. */
  level?: number;
  /** The same in words: "12 of 40 MB". */
  text?: string;
  kind?: "meter" | "progressbar";
  segments?: number;
  /** From this part on, segments light up red. */
  clipsAt?: number;
  tone?: "signal" | "trouble" | "ok";
  size?: "thin" | "normal" | "tall";
  /** Only for those levels that a text beside already tells. */
  hidden?: boolean;
  ref?: Ref<MeterHandle>;
}

/** Whole segments only: a lamp is lit or it isn't. Anything above nothing lights the first. */
const lit = (level: number, segments: number) => {
  const bounded = Math.min(Math.max(level, 0), 1);
  return (bounded > 0 ? Math.max(Math.floor(bounded * segments), 1) : 0) / segments;
};

export function Meter({
  label,
  level = 0,
  text,
  kind = "meter",
  segments = 24,
  clipsAt = 1,
  tone = "signal",
  size = "normal",
  hidden = false,
  ref,
}: Props) {
  const element = useRef<HTMLDivElement>(null);
  useImperativeHandle(
    ref,
    () => ({
      light: (next) =>
        element.current?.style.setProperty("--lit", String(lit(next, segments))),
    }),
    [segments],
  );
  const style = {
    "--segments": segments,
    "--clips-at": clipsAt,
    "--lit": lit(level, segments),
  } as CSSProperties;
  const values = {
    role: kind,
    "aria-label": label,
    "aria-valuemin": 0,
    "aria-valuemax": 100,
    "aria-valuenow": Math.round(Math.min(Math.max(level, 0), 1) * 100),
    "aria-valuetext": text,
  };
  return (
    <div
      ref={element}
      className={`meter meter-${size} meter-${tone}`}
      style={style}
      {...(hidden ? { "aria-hidden": true } : values)}
    />
  );
}
