/** The line above a list: a box to search it, and beside it what else narrows or sorts it. */
import type { ComponentProps, ReactNode } from "react";
import { Icon } from "./Icon";
import styles from "./search-bar.module.css";

interface Props extends Omit<ComponentProps<"input">, "type" | "className" | "onChange" | "children"> {
  /** What is searched: "Search your library". */
  label: string;
  value: string;
  onChange: (text: string) => void;
  children?: ReactNode;
}

export function SearchBar({ label, onChange, children, ...input }: Props) {
  return (
    <search className={styles.searchBar}>
      <div className={styles.searchBox}>
        <Icon name="search" size={18} />
        <input
          type="search"
          aria-label={label}
          onChange={(event) => onChange(event.target.value)}
          {...input}
        />
      </div>
      {children}
    </search>
  );
}
