/** How loud a track is from its beginning to its end: the peaks of its waveform, as levels. */
import { useQuery } from "@tanstack/react-query";
import { Chart } from "@/ui/Chart";
import type { ChartData } from "@/ui/chartData";
import { classes } from "@/ui/classes";
import { clock } from "@/ui/format";
import page from "@/ui/page.module.css";
import { barsOf } from "../player/drawWaveform";
import { waveformQuery } from "../queries";
import type { Track, Waveform } from "../types";
import styles from "./track-facts.module.css";

const POINTS = 240;
/** Peaks are of ±128. */
const FULL_SCALE = 128;
const QUIETEST_DB = -48;

function levelsOf(peaks: Waveform["peaks"], duration_s: number): ChartData {
  const count = Math.min(POINTS, peaks.length);
  const bars = barsOf(peaks, count);
  return {
    across: {
      name: "Time",
      places: bars.map((_, at) => (duration_s * at) / count),
      words: clock,
    },
    unit: "dBFS",
    words: (value) => `${value < 0 ? "−" : ""}${Math.abs(Math.round(value))}`,
    between: [QUIETEST_DB, 0],
    series: [
      {
        name: "Peak",
        hue: "audio",
        values: bars.map(([low, high]) =>
          Math.max(20 * Math.log10(Math.max(-low, high, 0) / FULL_SCALE), QUIETEST_DB),
        ),
      },
    ],
  };
}

export function LevelChart({ track }: { track: Track }) {
  const { data } = useQuery(waveformQuery(track.id));
  if (!data || data.peaks.length === 0 || track.duration_ms === null) return null;
  return (
    <div className={classes(page.panel, styles.whole)}>
      <Chart title="Level" data={levelsOf(data.peaks, track.duration_ms / 1000)} height_px={180} />
    </div>
  );
}
