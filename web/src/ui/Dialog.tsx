/** A dialog over the page: the browser's own, so focus stays in it and Esc closes it. */
import { useId, useLayoutEffect, useRef, type MouseEvent, type ReactNode } from "react";
import { IconButton } from "./Button";
import { classes } from "./classes";
import styles from "./dialog.module.css";

/** Where one begins in a dialog: its first field to write in, else its title. */
const FIRST = 'input:not([type="hidden"], [type="checkbox"], [type="radio"], [readonly])';

interface Props {
  title: string;
  onClose: () => void;
  children: ReactNode;
  /** Leaves the title to screen readers, for dialogs that begin with their own input. */
  bare?: boolean;
}

export function Dialog({ title, onClose, children, bare = false }: Props) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  // Closed before it leaves the page: after, the browser wouldn't give the focus back to the opener.
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    const first = element?.querySelector<HTMLElement>(FIRST);
    (first ?? element?.querySelector("h2"))?.focus();
    return () => element?.close();
  }, []);
  const onBackdrop = (event: MouseEvent) => {
    if (event.target === dialog.current) onClose();
  };
  return (
    // Esc does the same for the keyboard as a press on the backdrop.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions, jsx-a11y/click-events-have-key-events
    <dialog
      ref={dialog}
      className={classes(styles.dialog, bare && styles.dialogBare)}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={onBackdrop}
    >
      <div className={styles.dialogBody}>
        <header className={bare ? "unseen" : styles.dialogHead}>
          <h2 id={id} tabIndex={-1}>{title}</h2>
          {!bare && <IconButton icon="close" label="Close" onClick={onClose} />}
        </header>
        {children}
      </div>
    </dialog>
  );
}
