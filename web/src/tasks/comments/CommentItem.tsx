/** One comment: who said it and when, and what its author, or the owner, can do with it. */
import { lazy, Suspense, useState } from "react";
import { IconButton } from "@/ui/Button";
import { ConfirmDialog } from "@/ui/ConfirmDialog";
import { atTime } from "@/ui/format";
import { Skeleton } from "@/ui/Skeleton";
import { When } from "@/ui/When";
import { Initials } from "../Initials";
import { changeComment, deleteComment } from "./actions";
import { CommentForm } from "./CommentForm";
import { writtenText, type Person } from "./mentions";
import type { Comment } from "./queries";
import styles from "./comments.module.css";

const Markdown = lazy(() => import("../detail/Markdown"));

interface Props {
  comment: Comment;
  people: readonly Person[];
  /** Whether it can be changed, and removed. */
  mayChange: boolean;
  mayDelete: boolean;
}

export function CommentItem({ comment, people, mayChange, mayDelete }: Props) {
  const [doing, setDoing] = useState<"edit" | "delete" | null>(null);
  const { author_name, created_at, edited_at, text } = comment;
  const author = author_name === "" ? "Somebody" : author_name;
  const nameOf = (id: string) => people.find((person) => person.id === id)?.handle ?? "somebody";
  const close = () => setDoing(null);
  return (
    <li className={styles.comment}>
      <Initials name={author} />
      <div className={styles.said}>
        <header>
          <strong>{author}</strong>
          <span className="quiet">
            <When time={created_at} />
            {edited_at !== null && <span title={atTime(edited_at)}>, edited</span>}
          </span>
          {mayChange && doing !== "edit" && (
            <IconButton icon="edit" size={16} label="Edit this comment" onClick={() => setDoing("edit")} />
          )}
          {mayDelete && doing !== "edit" && (
            <IconButton
              icon="trash"
              size={16}
              label={mayChange ? "Delete this comment" : `Delete this comment of ${author}`}
              onClick={() => setDoing("delete")}
            />
          )}
        </header>
        {doing === "edit" ? (
          <CommentForm
            label="Your comment"
            initial={writtenText(text, people)}
            people={people}
            action="Save"
            send={(next) => changeComment(comment, next)}
            onClose={close}
          />
        ) : (
          <Suspense fallback={<Skeleton what="the comment" rows={1} />}>
            <Markdown text={text} nameOf={nameOf} />
          </Suspense>
        )}
      </div>
      {doing === "delete" && (
        <ConfirmDialog
          title="Delete this comment?"
          send="Delete"
          sending="Deleting…"
          look="trouble"
          onClose={close}
          confirm={async () => {
            await deleteComment(comment);
            close();
          }}
        >
          It is gone for good, for everybody.
        </ConfirmDialog>
      )}
    </li>
  );
}
