/** hls.js ships its smaller build without types of its own; its interface is the same. */
declare module "hls.js/light" {
  export { default } from "hls.js";
}
