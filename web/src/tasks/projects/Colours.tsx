/** The colours that a project can have: a choice, and the dot that shows it. */
import { classes } from "@/ui/classes";
import type { Colour } from "./queries";
import styles from "./colours.module.css";

const COLOURS: readonly Colour[] = [
  "grey",
  "red",
  "orange",
  "yellow",
  "green",
  "teal",
  "blue",
  "purple",
  "pink",
];

/** With a name it says, on hovering and to screen readers, whose colour it is. */
export function ColourDot({ colour, name }: { colour: Colour; name?: string }) {
  const look = classes(styles.dot, styles[`colour-${colour}`]);
  if (name === undefined) return <span className={look} aria-hidden="true" />;
  return (
    <span className={look} title={name}>
      <span className="unseen">In {name}</span>
    </span>
  );
}

export function Colours({ chosen }: { chosen: Colour }) {
  return (
    <fieldset className={styles.colours}>
      <legend>Colour</legend>
      {COLOURS.map((colour) => (
        <label key={colour} title={colour}>
          <input type="radio" name="colour" value={colour} defaultChecked={colour === chosen} />
          <ColourDot colour={colour} />
          <span className="unseen">{colour}</span>
        </label>
      ))}
    </fieldset>
  );
}
