/** Something to know or to mend: what happened, why, and the button that helps. */
import type { ReactNode } from "react";
import { sentenceOf } from "@/api/problem";
import { Button } from "./Button";
import { Icon } from "./Icon";
import { classes } from "./classes";
import styles from "./notice.module.css";

interface Props {
  tone?: "trouble" | "plain";
  title?: string;
  children: ReactNode;
  action?: ReactNode;
}

export function Notice({ tone = "trouble", title, children, action }: Props) {
  return (
    <div className={classes(styles.notice, styles[`notice-${tone}`])} role={tone === "trouble" ? "alert" : "status"}>
      {tone === "trouble" && <Icon name="warning" />}
      <div className={styles.noticeWords}>
        {title !== undefined && <strong>{title}</strong>}
        <p>{children}</p>
      </div>
      {action}
    </div>
  );
}

/** A read that failed, with the button that reads again. */
export function Failed({ what, error, retry }: { what: string; error: unknown; retry: () => void }) {
  return (
    <Notice
      title={what}
      action={
        <Button icon="retry" onClick={retry}>
          Try again
        </Button>
      }
    >
      {sentenceOf(error)}
    </Notice>
  );
}
