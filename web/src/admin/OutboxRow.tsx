/** One message: to whom, what about, and whether it got there. */
import { Link } from "@tanstack/react-router";
import type { OutboxItem } from "@/api/types";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { Tag } from "@/ui/Tag";
import { When } from "@/ui/When";
import { OUTBOX_STATES, retryMessage } from "./outbox";

const SIGNS = { kept: " row-sign-lit", queued: " row-sign-lit", sent: "", failed: " row-sign-red" };

export function OutboxRow({ item }: { item: OutboxItem }) {
  const { name, tone } = OUTBOX_STATES[item.state];
  return (
    <li className="row">
      <span className={`row-sign${SIGNS[item.state]}`}>
        <Icon name="mail" />
      </span>
      <span className="row-words">
        <span className="row-name">
          <Link className="outbox-open" to="/admin/outbox" search={{ message: item.id }}>
            {item.subject}
          </Link>
          <Tag tone={tone}>{name}</Tag>
        </span>
        {item.error !== null && (
          <span className={item.state === "failed" ? "outbox-error" : "quiet"}>{item.error}</span>
        )}
        <span className="row-more">
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
