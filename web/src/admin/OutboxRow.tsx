/** One message: to whom, what about, and whether it got there. */
import { Link } from "@tanstack/react-router";
import type { OutboxItem } from "./types";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Tag } from "@/ui/Tag";
import { When } from "@/ui/When";
import { OUTBOX_STATES, retryMessage } from "./outbox";
import { classes } from "@/ui/classes";
import outbox from "./outbox.module.css";
import rows from "@/ui/rows.module.css";

const SIGNS = {
  kept: rows.rowSignLit,
  queued: rows.rowSignLit,
  sent: undefined,
  failed: rows.rowSignRed,
};

export function OutboxRow({ item }: { item: OutboxItem }) {
  const { name, tone } = OUTBOX_STATES[item.state];
  return (
    <li className={rows.row}>
      <span className={classes(rows.rowSign, SIGNS[item.state])}>
        <Icon name="mail" />
      </span>
      <span className={rows.rowWords}>
        <span className={rows.rowName}>
          <Link className={outbox.outboxOpen} to="/admin/outbox" search={{ message: item.id }}>
            {item.subject}
          </Link>
          <Tag tone={tone}>{name}</Tag>
        </span>
        {item.error !== null && (
          <span className={item.state === "failed" ? outbox.outboxError : "quiet"}>{item.error}</span>
        )}
        <span className={rows.rowMore}>
          <span>To {item.to}</span>
          <span>
            {item.sent_at === null ? (
              <>
                Written <When time={item.created_at} />
              </>
            ) : (
              <>
                Sent <When time={item.sent_at} />
              </>
            )}
          </span>
        </span>
      </span>
      {item.state === "failed" && (
        <Button
          small
          aria-label={`Retry: ${item.subject}, to ${item.to}`}
          onClick={() => void retryMessage(item)}
        >
          Retry
        </Button>
      )}
    </li>
  );
}
