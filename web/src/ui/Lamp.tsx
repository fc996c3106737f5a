/** One column of the meter as a state that is on or off. Words stand beside it, always. */
import { classes } from "./classes";
import styles from "./lamp.module.css";

export function Lamp({ lit, tone = "signal" }: { lit: boolean; tone?: "signal" | "trouble" }) {
  return <span className={classes(styles.lamp, lit && styles[`lamp-${tone}`])} aria-hidden="true" />;
}
