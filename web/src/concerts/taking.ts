/** The files that become photos. */
import type { Taking } from "@/shell/face";

const NAMES = /\.(jpe?g|jpe|png|webp|heic|heif|hif|avif)$/i;

export const pictures: Taking = {
  label: "Photos",
  accept: "image/jpeg,image/png,image/webp,image/heic,image/heif,image/avif,.heic,.heif,.hif,.avif",
  kind: "photo",
  fits: (file) => file.type.startsWith("image/") || NAMES.test(file.name),
  done: "Among your photos",
  failed: "It couldn't be read as a photo.",
};
