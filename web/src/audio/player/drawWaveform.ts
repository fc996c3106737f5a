/** Draws peaks as bars on a canvas. The colours are the canvas element's own CSS, so themes hold. */

interface View {
  width: number;
  height: number;
  /** Parts of the whole, 0 to 1. */
  played: number;
  buffered: number;
  pointed: number | null;
}

const BAR_PX = 2;
const PITCH_PX = 3;
/** Of ±128. Loudness is told elsewhere: the waveform shows shape, so the loudest bar fills it. */
const QUIETEST_FULL_SCALE = 12;

/** The loudest pair within each bar's share of the peaks. Lengths needn't divide. */
export function barsOf(peaks: readonly (readonly [number, number])[], count: number): [number, number][] {
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / count);
    const to = Math.max(Math.floor(((bar + 1) * peaks.length) / count), from + 1);
    let [low, high] = [0, 0];
    for (const [least, most] of peaks.slice(from, to)) {
      low = Math.min(low, least);
      high = Math.max(high, most);
    }
    return [low, high];
  });
}

const fullScale = (bars: readonly (readonly [number, number])[]) =>
  bars.reduce((most, [low, high]) => Math.max(most, -low, high), QUIETEST_FULL_SCALE);

export function drawWaveform(
  canvas: HTMLCanvasElement,
  peaks: readonly (readonly [number, number])[],
  { width, height, played, buffered, pointed }: View,
): void {
  const scale = window.devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high) [canvas.width, canvas.height] = [wide, high];
  const context = canvas.getContext("2d");
  if (!context) return;
  // Three resolved colours: played, still to come, and to come but already here.
  const style = getComputedStyle(canvas);
  const colours = { played: style.color, ahead: style.outlineColor, here: style.caretColor };
  context.setTransform(scale, 0, 0, scale, 0, 0);
  context.clearRect(0, 0, width, height);
  const bars = barsOf(peaks, Math.max(Math.floor((width + PITCH_PX - BAR_PX) / PITCH_PX), 1));
  const middle = height / 2;
  const full = fullScale(bars);
  bars.forEach(([low, up], bar) => {
    const part = (bar + 0.5) / bars.length;
    const reached = pointed === null ? part <= played : part <= Math.max(played, pointed);
    context.fillStyle =
      part <= played ? colours.played : part <= buffered || reached ? colours.here : colours.ahead;
    const top = middle - Math.max((up / full) * middle, 0.75);
    const bottom = middle + Math.max((-low / full) * middle, 0.75);
    context.fillRect(bar * PITCH_PX, top, BAR_PX, bottom - top);
  });
}
