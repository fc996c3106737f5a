/** What a list shows before there is anything in it: what it is for, and how it begins. */
import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";
import styles from "./empty.module.css";

interface Props {
  icon: IconName;
  title: string;
  children: ReactNode;
  action?: ReactNode;
}

export function Empty({ icon, title, children, action }: Props) {
  return (
    <section className={styles.emptyList}>
      <Icon name={icon} size={32} />
      <h2>{title}</h2>
      {children}
      {action}
    </section>
  );
}
