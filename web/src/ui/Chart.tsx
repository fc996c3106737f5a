/** Figures drawn with axes and units, in the colours of the theme, with the same in a table behind. */
import { useEffect, useId, useRef } from "react";
import { useStore } from "@/api/store";
import { themeTurns } from "@/design/theme";
import { draw } from "./drawChart";
import { rowsOf, type ChartData } from "./chartData";
import styles from "./chart.module.css";

interface Props {
  /** A short noun: "Jobs by state". */
  title: string;
  data: ChartData;
  height_px?: number;
  /** Of its heading: 3 where it is a part of something that has one. */
  level?: 2 | 3;
}

export function Chart({ title, data, height_px = 220, level = 2 }: Props) {
  const Heading = `h${level}` as const;
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  // The canvas holds colours, not their names: it is drawn again when those turn.
  const turns = useStore(themeTurns);
  useEffect(
    () => (place.current ? draw(place.current, data, height_px) : undefined),
    [data, height_px, turns],
  );
  const { across, unit, series } = data;
  return (
    <figure className={styles.chart} aria-labelledby={id}>
      <figcaption className={styles.chartHead}>
        <Heading id={id}>{title}</Heading>
        {series.length > 1 &&
          series.map(({ name, hue }) => (
            <span key={name} className={styles.chartKey} style={{ color: `var(--${hue})` }}>
              <span>{name}</span>
            </span>
          ))}
      </figcaption>
      <div ref={place} className={styles.chartPlace} style={{ height: height_px }} aria-hidden="true" />
      <details className={styles.chartTable}>
        <summary>The same as a table</summary>
        <table>
          <caption className="unseen">{title}</caption>
          <thead>
            <tr>
              <th scope="col">{across.name}</th>
              {series.map(({ name }) => (
                <th key={name} scope="col">
                  {name}, {unit}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rowsOf(data).map(({ at, values }) => (
              <tr key={at}>
                <th scope="row">{at}</th>
                {values.map((value, column) => (
                  <td key={series[column]?.name}>{value}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
