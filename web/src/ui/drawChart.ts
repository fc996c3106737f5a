/** Draws a chart into an element with uPlot, which is fetched with the first one. */
import type uPlot from "uplot";
import { isNamed, lonely, placeWords, wordsOf, type ChartData } from "./chartData";

const BAR_PART = 0.56;
const WIDEST_BAR_PX = 72;
const LINE_PX = 1.75;
const DOT_PX = 5;
/** For times, which are longer than figures. */
const STEP_PX = 60;
const AXIS_FONT_PX = 12;
const AXIS_PX = 40;
const NAMES_PX = 132;
const NAME_GAP_PX = 10;
const FOOT_PX = 28;
/** Above, right, below, left: room for half a figure, and for half a date. */
const PADDING_PX: [number, number, number, number] = [8, 24, 0, 0];
const ROOM_ABOVE = 1.08;
const [BELOW, LEFT] = [2, 3];

/** A colour's name as a canvas takes it. */
function colourOf(element: HTMLElement, name: string): string {
  element.style.color = `var(--${name})`;
  const { color } = getComputedStyle(element);
  element.style.color = "";
  return color;
}

/** How long names are in a font, and cut so that they fit. */
function ruler(font: string) {
  const context = document.createElement("canvas").getContext("2d");
  if (context) context.font = font;
  const wide_px = (text: string) => context?.measureText(text).width ?? 0;
  const cut = (text: string, room_px: number) => {
    if (wide_px(text) <= room_px) return text;
    const letters = Array.from(text);
    while (letters.length > 1 && wide_px(`${letters.join("")}…`) > room_px) letters.pop();
    return `${letters.join("").trimEnd()}…`;
  };
  return { wide_px, cut };
}

/** Every how manieth name has room; the last one is always told. */
function stepOf(plot: uPlot, places: readonly string[], wide_px: (text: string) => number): number {
  const widest_px = Math.max(...places.map(wide_px)) + NAME_GAP_PX;
  const room_px = plot.width - AXIS_PX - AXIS_FONT_PX;
  return Math.max(1, Math.ceil((places.length * widest_px) / Math.max(room_px, 1)));
}

const onSide = (axis: uPlot.Axis, side: number | undefined): uPlot.Axis => Object.assign(axis, { side });

function axesOf(element: HTMLElement, data: ChartData): uPlot.Axis[] {
  const { across, unit } = data;
  const { places, lying = false } = across;
  const named = isNamed(places);
  const [value, place] = [wordsOf(data), placeWords(data)];
  const common = {
    stroke: colourOf(element, "ink-3"),
    font: `${AXIS_FONT_PX}px ${getComputedStyle(element).fontFamily}`,
    ticks: { show: false },
  };
  const { wide_px, cut } = ruler(common.font);
  const nameAt = (plot: uPlot, split: number) => {
    const name = named ? (places[split] ?? "") : place(split);
    if (!named) return name;
    if (lying) return cut(name, NAMES_PX - NAME_GAP_PX);
    return (places.length - 1 - split) % stepOf(plot, places, wide_px) === 0 ? name : "";
  };
  const line = { stroke: colourOf(element, "line"), width: 1 };
  const names: uPlot.Axis = {
    ...common,
    size: lying ? NAMES_PX : FOOT_PX,
    grid: { show: false },
    border: { ...line, show: true },
    values: (plot, splits) => splits.map((split) => nameAt(plot, split)),
    ...(named ? { splits: () => [...places.keys()] } : {}),
    ...(across.steps ? { incrs: [...across.steps], space: STEP_PX } : {}),
  };
  const values: uPlot.Axis = {
    ...common,
    size: lying ? FOOT_PX : AXIS_PX,
    grid: line,
    label: unit,
    labelFont: common.font,
    labelSize: AXIS_FONT_PX + 6,
    values: (_plot, splits) => splits.map(value),
    // Things that are counted have no halves.
    ...(named ? { incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 1e5, 1e6, 1e7] } : {}),
  };
  return [onSide(names, lying ? LEFT : BELOW), onSide(values, lying ? BELOW : LEFT)];
}

/** Only where there is no line. */
const dots = (colour: string): uPlot.Series.Points => ({
  show: false,
  size: DOT_PX,
  fill: colour,
  filter: (plot, at) => lonely(plot.data[at] ?? []),
});

function optionsOf(
  library: typeof uPlot,
  element: HTMLElement,
  data: ChartData,
  height: number,
): uPlot.Options {
  const { across, between, series } = data;
  const named = isNamed(across.places);
  const lying = across.lying === true;
  const bars = library.paths.bars?.({ size: [BAR_PART, WIDEST_BAR_PX], radius: 0.04 });
  return {
    width: element.clientWidth,
    height,
    padding: PADDING_PX,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: {
        time: false,
        ...(lying ? { ori: 1, dir: -1 } : {}),
        ...(named ? { range: [-0.5, across.places.length - 0.5] } : {}),
      },
      y: {
        ...(lying ? { ori: 0 } : {}),
        range: between
          ? [between[0], between[1]]
          : (_plot, _least, most) => [0, Math.max(most * ROOM_ABOVE, 1)],
      },
    },
    axes: axesOf(element, data),
    series: [
      {},
      ...series.map(({ name, hue }): uPlot.Series => {
        const stroke = colourOf(element, hue);
        return named && bars
          ? { label: name, fill: stroke, width: 0, paths: bars, points: { show: false } }
          : { label: name, stroke, width: LINE_PX, points: dots(stroke) };
      }),
    ],
  };
}

/** Draws until the returned function is called; follows the element's width. */
export function draw(element: HTMLElement, data: ChartData, height: number): () => void {
  let [plot, stopped]: [uPlot | null, boolean] = [null, false];
  const sized = new ResizeObserver(() => plot?.setSize({ width: element.clientWidth, height }));
  const begin = async () => {
    const { default: library } = await import("uplot");
    if (stopped) return;
    const { places } = data.across;
    const across = isNamed(places) ? [...places.keys()] : [...places];
    const values = data.series.map((each) => [...each.values]);
    plot = new library(optionsOf(library, element, data, height), [across, ...values], element);
    sized.observe(element);
  };
  // Without the picture there is still the table.
  begin().catch(() => undefined);
  return () => {
    stopped = true;
    sized.disconnect();
    plot?.destroy();
  };
}
