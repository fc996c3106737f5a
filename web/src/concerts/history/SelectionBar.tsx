/** What is done to selected photos; it stays in sight while one scrolls through them. */
import { Button, IconButton } from "@/ui/Button";
import { plural } from "../words";
import styles from "./selection-bar.module.css";

interface Props {
  count: number;
  isAll: boolean;
  onAll: () => void;
  onMove: () => void;
  onDone: () => void;
}

/** As many as the server takes by name. */
const MOST = 500;

export function SelectionBar({ count, isAll, onAll, onMove, onDone }: Props) {
  const tooMany = !isAll && count > MOST;
  return (
    <div className={styles.bar} role="toolbar" aria-label="Selected photos">
      <p role="status">
        {count === 0 ? "Choose photos" : `${plural(count, "photo")} selected`}
        {tooMany && <small>At most {MOST} are moved at once, or all.</small>}
      </p>
      <Button small disabled={isAll} onClick={onAll}>
        All
      </Button>
      <Button small look="signal" disabled={count === 0 || tooMany} onClick={onMove}>
        Move to…
      </Button>
      <IconButton icon="close" label="Select no more" onClick={onDone} />
    </div>
  );
}
