/** A word about a thing, in a frame. */
import { classes } from "./classes";
import styles from "./tag.module.css";

interface Props {
  tone?: "plain" | "signal" | "trouble";
  children: string;
}

export function Tag({ tone = "plain", children }: Props) {
  return <span className={classes(styles.tag, styles[`tag-${tone}`])}>{children}</span>;
}
