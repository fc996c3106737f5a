/** A field that offers what is known already: arrows choose, Enter or a press takes, Esc closes. */
import { useEffect, useId, useRef, useState, type ComponentProps, type KeyboardEvent } from "react";
import { classes } from "@/ui/classes";
import field from "@/ui/field.module.css";
import styles from "./type-ahead.module.css";

export interface Offer {
  key: string;
  label: string;
  detail?: string;
}

interface Props<T extends Offer>
  extends Omit<ComponentProps<"input">, "id" | "value" | "onChange" | "className"> {
  label: string;
  /** Named for screen readers only. */
  bare?: boolean;
  value: string;
  offers: readonly T[];
  onText: (text: string) => void;
  onTake: (offer: T) => void;
  /** On Enter, while nothing is chosen. */
  onEnter?: () => void;
  fault?: string | undefined;
}

export function TypeAhead<T extends Offer>(props: Props<T>) {
  const { label, bare = false, value, offers, onText, onTake, onEnter, fault, ...input } = props;
  const id = useId();
  const [asked, setAsked] = useState(false);
  const [at, setAt] = useState(-1);
  const list = useRef<HTMLDivElement>(null);
  const open = asked && offers.length > 0;
  const active = open ? offers[at] : undefined;

  useEffect(() => {
    if (open) list.current?.scrollIntoView({ block: "nearest" });
  }, [open, offers.length]);

  const close = () => {
    setAsked(false);
    setAt(-1);
  };
  const take = (offer: T) => {
    onTake(offer);
    close();
  };

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.nativeEvent.isComposing) return;
    const { key } = event;
    const count = offers.length;
    if (key === "ArrowDown" && count > 0) {
      setAsked(true);
      setAt((at + 1) % count);
    } else if (key === "ArrowUp" && open) setAt((Math.max(at, 0) + count - 1) % count);
    else if (key === "Enter" && active) take(active);
    else if (key === "Enter" && onEnter) onEnter();
    else if (key === "Escape" && open) close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div className={classes(field.field, styles.typeAhead)}>
      <label htmlFor={id} className={bare ? "unseen" : undefined}>
        {label}
      </label>
      <input
        id={id}
        role="combobox"
        aria-autocomplete="list"
        aria-expanded={open}
        aria-controls={`${id}-list`}
        aria-activedescendant={active && `${id}-${active.key}`}
        aria-invalid={fault === undefined ? undefined : true}
        aria-describedby={fault === undefined ? undefined : `${id}-fault`}
        autoComplete="off"
        value={value}
        onChange={(event) => {
          onText(event.target.value);
          setAsked(true);
          setAt(-1);
        }}
        onBlur={close}
        onKeyDown={onKeyDown}
        {...input}
      />
      {fault !== undefined && (
        <p className={field.fieldFault} id={`${id}-fault`}>
          {fault}
        </p>
      )}
      <div ref={list} id={`${id}-list`} role="listbox" aria-label={label} hidden={!open}>
        {open &&
          offers.map((offer) => (
            // The keys for it are the field's: the focus stays there.
            // eslint-disable-next-line jsx-a11y/click-events-have-key-events
            <div
              key={offer.key}
              id={`${id}-${offer.key}`}
              role="option"
              tabIndex={-1}
              aria-selected={offer === active}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => take(offer)}
            >
              <span>{offer.label}</span>
              {offer.detail !== undefined && <small>{offer.detail}</small>}
            </div>
          ))}
      </div>
    </div>
  );
}
