/** A button that opens a list of actions or choices; arrows move, Esc and a press outside close. */
import { useId, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { Icon, type IconName } from "./Icon";
import buttons from "./button.module.css";
import { classes } from "./classes";
import styles from "./menu.module.css";

export interface MenuItem {
  key: string;
  label: string;
  detail?: string;
  icon?: IconName;
  trouble?: boolean;
  /** Set on choices: whether this is the one. */
  checked?: boolean;
  run: () => void;
}

interface Props {
  label: string;
  items: readonly MenuItem[];
  children: ReactNode;
  className?: string | undefined;
  /** Down where there is room, unless told. */
  side?: "up" | "down" | "right";
}

/** Entries are about this high; the player and the phone's bar take the foot of the screen. */
const ENTRY_PX = 48;
const FOOT_PX = 150;
/** A longer list scrolls. */
const TALLEST_PX = 420;

export function Menu({ label, items, children, className = buttons.iconButton, side }: Props) {
  const id = useId();
  const [open, setOpen] = useState(false);
  const [fits, setFits] = useState(true);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  useLayoutEffect(() => {
    if (!open) return;
    const list = root.current?.querySelector('[role="menu"]');
    const first =
      list?.querySelector<HTMLElement>('[aria-checked="true"]') ??
      list?.querySelector<HTMLElement>("button");
    first?.focus();
    const onPress = (event: PointerEvent) => {
      if (event.target instanceof Node && root.current?.contains(event.target) !== true) {
        setOpen(false);
      }
    };
    document.addEventListener("pointerdown", onPress);
    return () => document.removeEventListener("pointerdown", onPress);
  }, [open]);

  const close = () => {
    setOpen(false);
    button.current?.focus();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (!open) return;
    if (event.key === "Escape") close();
    else if (event.key === "Tab") setOpen(false);
    else if (["ArrowDown", "ArrowUp", "Home", "End"].includes(event.key)) {
      const entries = [...event.currentTarget.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
      const at = entries.findIndex((entry) => entry === document.activeElement);
      const last = entries.length - 1;
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: last }[event.key] ?? 0;
      entries[(to + entries.length) % entries.length]?.focus();
    } else return;
    if (event.key !== "Tab") event.preventDefault();
    event.stopPropagation();
  };

  return (
    // Keys bubble up here from the entries, which are the interactive part.
    // eslint-disable-next-line jsx-a11y/no-static-element-interactions
    <div className={styles.menu} ref={root} onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className={className}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={(event) => {
          const { top, bottom } = event.currentTarget.getBoundingClientRect();
          const height = Math.min(items.length * ENTRY_PX, TALLEST_PX);
          setFits(bottom + height < window.innerHeight - FOOT_PX || top < height);
          setOpen(!open);
        }}
      >
        {children}
      </button>
      {open && (
        <div
          className={classes(styles.menuList, styles[`menu-${side ?? (fits ? "down" : "up")}`])}
          id={id}
          role="menu"
          aria-label={label}
        >
          {items.map((item) => (
            <button
              key={item.key}
              type="button"
              tabIndex={-1}
              className={classes(styles.menuItem, item.trouble === true && styles.menuTrouble)}
              role={item.checked === undefined ? "menuitem" : "menuitemradio"}
              aria-checked={item.checked}
              onClick={() => {
                close();
                item.run();
              }}
            >
              {item.icon && <Icon name={item.icon} size={18} />}
              <span>
                {item.label}
                {item.detail !== undefined && <small>{item.detail}</small>}
              </span>
              {item.checked === true && <Icon name="check" size={18} />}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
