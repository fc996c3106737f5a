/** The segmented level meter: the one way in which Backline shows that something flows. */
import { useImperativeHandle, useRef, type CSSProperties, type Ref } from "react";
import { classes } from "./classes";
import styles from "./meter.module.css";

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
  /** From this part on, segments light up red. */
  clipsAt?: number;
  tone?: "signal" | "trouble" | "ok";
  size?: "thin" | "normal" | "tall" | "bridge";
  /** Only for those levels that a text beside already tells. */
  hidden?: boolean;
  ref?: Ref<MeterHandle>;
}

const bounded = (level: number) => Math.min(Math.max(level, 0), 1);

export function Meter({
  label,
  level = 0,
  text,
  kind = "meter",
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
      light: (next) => element.current?.style.setProperty("--lit", bounded(next).toFixed(4)),
    }),
    [],
  );
  // Whole segments only, a lamp is lit or it isn't: the style sheet rounds.
  const style = { "--clips-at": clipsAt, "--lit": bounded(level) } as CSSProperties;
  const values = {
    role: kind,
    "aria-label": label,
    "aria-valuemin": 0,
    "aria-valuemax": 100,
    "aria-valuenow": Math.round(bounded(level) * 100),
    "aria-valuetext": text,
  };
  return (
    <div
      ref={element}
      className={classes(styles.meter, styles[`meter-${size}`], styles[`meter-${tone}`])}
      style={style}
      {...(hidden ? { "aria-hidden": true } : values)}
    />
  );
}
