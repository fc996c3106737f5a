/** The list of shortcuts, on `?`. */
import { Dialog } from "@/ui/Dialog";
import { KEYS } from "./keys";
import { closeOverlay } from "./overlays";
import "./keys-help.css";

export function KeysHelp() {
  return (
    <Dialog title="Keys" onClose={closeOverlay}>
      <dl className="keys-help">
        {KEYS.map(({ keys, does }) => (
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
