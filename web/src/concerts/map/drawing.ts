/** The ground of the map on a canvas: sea, land, borders, the names of countries and cities. */
import { SIDE, type Atlas } from "./atlas";
import { meet, type Box } from "./clusters";
import { spotOf, type Place, type Size, type View } from "./view";

export interface Name extends Place {
  text: string;
}

/** A colour's name as a canvas takes it. */
function colourOf(element: HTMLElement, name: string): string {
  return getComputedStyle(element).getPropertyValue(`--map-${name}`);
}

const NAME_PX = 12;
const LETTER_PX = 7;
/** A country's name is told where the country has room for it, and isn't all that one sees. */
const WIDEST = 3;

function ground(context: CanvasRenderingContext2D, atlas: Atlas, view: View, size: Size, dots: number) {
  const scale = view.world_px / SIDE;
  const { left_px, top_px } = spotOf(view, size, { x: 0, y: 0 });
  context.setTransform(dots * scale, 0, 0, dots * scale, dots * left_px, dots * top_px);
  context.lineJoin = "round";
  const stroke = (path: Path2D, name: string, width_px: number) => {
    context.strokeStyle = colourOf(context.canvas, name);
    context.lineWidth = width_px / scale;
    context.stroke(path);
  };
  context.fillStyle = colourOf(context.canvas, "land");
  context.fill(atlas.land);
  stroke(atlas.borders, "border", 1);
  stroke(atlas.coast, "coast", 1);
}

export function draw(
  canvas: HTMLCanvasElement,
  atlas: Atlas | undefined,
  view: View,
  size: Size,
  cities: readonly Name[],
  /** What stands above the ground: names of countries leave it free. */
  taken: readonly Box[],
): void {
  const dots = window.devicePixelRatio;
  const [width, height] = [Math.round(size.width_px * dots), Math.round(size.height_px * dots)];
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = colourOf(canvas, "sea");
  context.fillRect(0, 0, width, height);
  if (atlas) ground(context, atlas, view, size, dots);

  context.setTransform(dots, 0, 0, dots, 0, 0);
  context.font = `${NAME_PX}px ${getComputedStyle(canvas).fontFamily}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.fillStyle = colourOf(canvas, "name");
  for (const { name, width: part, ...place } of atlas?.countries ?? []) {
    const room_px = part * view.world_px;
    const text_px = name.length * LETTER_PX;
    if (room_px < text_px * 1.2 || room_px > size.width_px * WIDEST) continue;
    const { left_px, top_px } = spotOf(view, size, place);
    const box = {
      left: left_px - text_px / 2,
      right: left_px + text_px / 2,
      top: top_px - NAME_PX,
      bottom: top_px + NAME_PX,
    };
    if (!taken.some((other) => meet(box, other))) context.fillText(name, left_px, top_px);
  }
  for (const { text, ...place } of cities) {
    const { left_px, top_px } = spotOf(view, size, place);
    context.fillText(text, left_px, top_px);
  }
}
