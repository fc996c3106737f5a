/** One message in full, with its link to hand over. */
import { useQuery } from "@tanstack/react-query";
import { messageQuery } from "./queries";
import { CopyButton } from "@/ui/CopyButton";
import { Dialog } from "@/ui/Dialog";
import { atTime } from "@/ui/format";
import { Failed, Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { Tag } from "@/ui/Tag";
import { OUTBOX_STATES } from "./outbox";
import button from "@/ui/button.module.css";
import outbox from "./outbox.module.css";

const LINK = /https?:\/\/\S+#\S+/;

export function MessageDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { data: message, error, refetch } = useQuery(messageQuery(id));
  const link = LINK.exec(message?.text ?? "")?.[0];
  return (
    <Dialog title={message?.subject ?? "Message"} onClose={onClose}>
      {error && !message && (
        <Failed what="This message can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!message && !error && <Skeleton what="the message" rows={3} />}
      {message && (
        <>
          <dl className={outbox.messageFacts}>
            <dt>To</dt>
            <dd>{message.to}</dd>
            <dt>Written</dt>
            <dd>{atTime(message.created_at)}</dd>
            <dt>State</dt>
            <dd>
              <Tag tone={OUTBOX_STATES[message.state].tone}>{OUTBOX_STATES[message.state].name}</Tag>
            </dd>
          </dl>
          {message.error !== null && <Notice title="It couldn't be sent">{message.error}</Notice>}
          {message.text === "" ? (
            <p className="quiet">
              The text is gone: of a message that was sent, nothing is kept that could open an
              account.
            </p>
          ) : (
            // The text can be longer than the screen; with the keyboard it scrolls by focus.
            // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
            <pre className={outbox.messageText} tabIndex={0} aria-label="Text of the message">
              {message.text}
            </pre>
          )}
          {message.text !== "" && (
            <div className={button.formActions}>
              {link !== undefined && <CopyButton text={link}>Copy the link</CopyButton>}
              <CopyButton text={message.text}>Copy the text</CopyButton>
            </div>
          )}
          {link !== undefined && (
            <p className="quiet">
              Whoever has this link can use it once. Give it only to the person at {message.to}.
            </p>
          )}
        </>
      )}
    </Dialog>
  );
}
