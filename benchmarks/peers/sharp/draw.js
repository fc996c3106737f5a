// sharp, asked for what Backline draws of a photo: `node draw.js HOW PHOTOS OUT`, photos named in a
// file. `documented` is as its pages show it, a clone for each output and its usual effort; `chained`
// decodes once, makes each width of the one before, and takes our effort. Prints the milliseconds of
// all, and of the processor. Two photos at a time, a thread each, which is best on two cores.
import fs from "node:fs";
import path from "node:path";
import sharp from "sharp";

const WIDTHS = [1200, 800, 400];
const QUALITIES = [80, 85, 90];
const THUMBNAIL = { width: 320, height: 320, fit: "inside", withoutEnlargement: true };
const [how, list, out] = process.argv.slice(2);
const photos = fs.readFileSync(list, "utf8").split("\n").filter(Boolean);

sharp.cache(false);
sharp.concurrency(1);

const save = (image, folder, width, quality, effort) =>
  image.webp({ quality, effort }).toFile(path.join(folder, `w${width}-q${quality}.webp`));

async function documented(photo, folder) {
  const image = sharp(photo).autoOrient();
  await image.clone().resize(THUMBNAIL).webp({ quality: 74 }).toFile(path.join(folder, "t.webp"));
  for (const width of WIDTHS)
    for (const quality of QUALITIES)
      await save(image.clone().resize({ width }), folder, width, quality, 4);
}

const raw = ({ data, info: { width, height, channels } }) =>
  sharp(data, { raw: { width, height, channels } });

async function chained(photo, folder) {
  let image = sharp(photo).autoOrient();
  for (const width of WIDTHS) {
    image = raw(await image.resize({ width }).raw().toBuffer({ resolveWithObject: true }));
    for (const quality of QUALITIES) await save(image.clone(), folder, width, quality, 3);
  }
  const small = image.resize(THUMBNAIL).webp({ quality: 74, effort: 2 });
  await small.toFile(path.join(folder, "t.webp"));
}

const draw = { documented, chained }[how];
const began = process.cpuUsage();
const beganMs = performance.now();
let next = 0;
async function work() {
  while (next < photos.length) {
    const n = next++;
    const folder = path.join(out, String(n));
    fs.mkdirSync(folder, { recursive: true });
    await draw(photos[n], folder);
  }
}
await Promise.all([work(), work()]);
const { user, system } = process.cpuUsage(began);
console.log((performance.now() - beganMs).toFixed(1), ((user + system) / 1000).toFixed(1));
