/** The messages in the corner, read out as they come. */
import { useStore } from "@/api/store";
import { Button, IconButton } from "./Button";
import { dismiss, toasts } from "./toasts";
import { classes } from "./classes";
import styles from "./toasts.module.css";

export function Toasts() {
  const list = useStore(toasts);
  return (
    <div className={styles.toasts} role="log" aria-label="Messages">
      {list.map(({ key, text, tone, action }) => (
        <div key={key} className={classes(styles.toast, tone !== undefined && styles.toastTrouble)}>
          <span>{text}</span>
          {action && (
            <Button
              small
              onClick={() => {
                dismiss(key);
                action.run();
              }}
            >
              {action.label}
            </Button>
          )}
          <IconButton icon="close" label="Dismiss" size={18} onClick={() => dismiss(key)} />
        </div>
      ))}
    </div>
  );
}
