/** A photo drawn from its variants: the browser takes what fits, and sees a blur of it until then. */
import { useState } from "react";
import { classes } from "@/ui/classes";
import type { Photo, PhotoItem, Variant } from "./types";
import { photoName } from "./words";
import styles from "./picture.module.css";

const THUMBNAIL_PX = 320;
const USUAL_QUALITY = 85;

interface Props {
  photo: PhotoItem | Photo;
  /** As `<img sizes>` takes it. */
  sizes: string;
  /** At once, for the one that a page is about. */
  eager?: boolean;
  fit?: "cover" | "contain";
}

const srcset = (variants: readonly Variant[], type: string) =>
  variants
    .filter(({ content_type, quality }) => content_type === type && quality === USUAL_QUALITY)
    .map(({ url, width }) => `${url} ${width}w`)
    .join(", ");

export function Picture({ photo, sizes, eager = false, fit = "cover" }: Props) {
  const [there, setThere] = useState(false);
  const [gone, setGone] = useState(false);
  const { thumbnail, placeholder, variants, width, height } = photo;
  const avif = srcset(variants, "image/avif");
  const webp = srcset(variants, "image/webp");
  const wide = width !== null && height !== null && width < height;
  const small_px = wide ? Math.round((THUMBNAIL_PX * width) / height) : THUMBNAIL_PX;
  const small = thumbnail === null ? "" : `${thumbnail} ${small_px}w`;
  const blur = placeholder === null ? undefined : { backgroundImage: `url("${placeholder}")` };
  return (
    <span className={classes(styles.picture, styles[`picture-${fit}`])} style={there ? undefined : blur}>
      {thumbnail !== null && !gone && (
        <picture>
          {avif !== "" && <source type="image/avif" srcSet={avif} sizes={sizes} />}
          <img
            src={thumbnail}
            srcSet={[small, webp].filter((part) => part !== "").join(", ")}
            sizes={sizes}
            alt={photoName(photo)}
            width={width ?? undefined}
            height={height ?? undefined}
            loading={eager ? "eager" : "lazy"}
            decoding="async"
            draggable={false}
            className={classes(there && styles.there)}
            onLoad={() => setThere(true)}
            onError={() => setGone(true)}
          />
        </picture>
      )}
    </span>
  );
}
