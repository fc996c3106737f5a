/** A bare line that adds one task after the other. */
import { Icon } from "@/ui/Icon";
import styles from "./add-line.module.css";
import { useLine, type Make } from "./useLine";

export const LONGEST = 600;

interface Props {
  label: string;
  placeholder: string;
  make: Make;
}

export function AddLine({ label, placeholder, make }: Props) {
  const { box, text, write, add } = useLine(make);
  return (
    <form
      className={styles.add}
      onSubmit={(event) => {
        event.preventDefault();
        add();
      }}
    >
      <Icon name="plus" size={18} />
      <input
        ref={box}
        type="text"
        aria-label={label}
        placeholder={placeholder}
        autoComplete="off"
        maxLength={LONGEST}
        value={text}
        onChange={(event) => write(event.target.value)}
      />
    </form>
  );
}
