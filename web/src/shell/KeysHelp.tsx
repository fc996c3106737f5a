/** The list of shortcuts, on `?`. */
import { Dialog } from "@/ui/Dialog";
import { useHouse } from "./house";
import { closeOverlay } from "./overlays";
import styles from "./keys-help.module.css";

export function KeysHelp() {
  const { keys: all } = useHouse();
  return (
    <Dialog title="Keys" onClose={closeOverlay}>
      <dl className={styles.keysHelp}>
        {all.flatMap(({ help }) => help).map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
