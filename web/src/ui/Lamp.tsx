/** One column of the meter as a state that is on or off. Words stand beside it, always. */
import "./lamp.css";

export function Lamp({ lit, tone = "signal" }: { lit: boolean; tone?: "signal" | "trouble" }) {
  return <span className={`lamp${lit ? ` lamp-${tone}` : ""}`} aria-hidden="true" />;
}
