/** Writing a comment, or writing one anew. What couldn't be sent stays in the box. */
import { useRef, useState } from "react";
import { sentenceOf } from "@/api/problem";
import { Button } from "@/ui/Button";
import button from "@/ui/button.module.css";
import { Notice } from "@/ui/Notice";
import { MentionBox } from "./MentionBox";
import { sentText, type Person } from "./mentions";
import styles from "./comments.module.css";

interface Props {
  label: string;
  /** What is in the box at first, as it is written. */
  initial?: string;
  people: readonly Person[];
  action: string;
  send: (text: string) => Promise<void>;
  onClose?: () => void;
}

export function CommentForm({ label, initial = "", people, action, send, onClose }: Props) {
  const [text, setText] = useState(initial);
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const box = useRef<HTMLTextAreaElement>(null);

  const submit = async () => {
    if (pending || text.trim() === "") return;
    setPending(true);
    setProblem(null);
    try {
      await send(sentText(text.trim(), people));
      setText("");
      onClose?.();
    } catch (error) {
      setProblem(sentenceOf(error));
    } finally {
      setPending(false);
    }
  };

  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <MentionBox
        label={label}
        placeholder={people.length > 0 ? "Say something; @ mentions somebody" : "Say something"}
        text={text}
        people={people}
        onText={setText}
        onSend={() => void submit()}
        onLeave={onClose}
        box={box}
      />
      {problem !== null && <Notice title="Not sent">{problem}</Notice>}
      {(text.trim() !== "" || onClose) && (
        <div className={button.formActions}>
          <Button type="submit" small disabled={pending || text.trim() === ""}>
            {pending ? "Sending…" : action}
          </Button>
          {onClose && (
            <Button small look="bare" onClick={onClose}>
              Cancel
            </Button>
          )}
          <span className="quiet">Markdown is understood. Ctrl Enter sends.</span>
        </div>
      )}
    </form>
  );
}
