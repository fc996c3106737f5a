/** What people say of a task, the oldest on top, as it is said. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/queries";
import { Button } from "@/ui/Button";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { membersQuery } from "../projects/queries";
import type { Rights } from "../projects/useRights";
import type { Task } from "../types";
import { say } from "./actions";
import { CommentForm } from "./CommentForm";
import { CommentItem } from "./CommentItem";
import { peopleOf } from "./mentions";
import { commentsQuery } from "./queries";
import styles from "./comments.module.css";

interface Props {
  task: Task;
  rights: Rights;
}

export function Comments({ task, rights }: Props) {
  const { project_id } = task;
  const { data: me } = useQuery(meQuery);
  const members = useQuery({
    ...membersQuery(project_id ?? ""),
    enabled: project_id !== null,
  });
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery(commentsQuery(task.id));
  const people = peopleOf(project_id === null ? [] : (members.data?.items ?? []));
  const comments = data?.pages.flatMap(({ items }) => items).reverse();
  const open = rights.comment && task.deleted_at === null;
  return (
    <section className={styles.comments} aria-labelledby="comments">
      <h2 id="comments">Comments</h2>
      {error && !data && (
        <Failed what="The comments can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!comments && !error && <Skeleton what="the comments" rows={2} />}
      {hasNextPage && (
        <Button small disabled={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {isFetchingNextPage ? "Fetching…" : "Earlier comments"}
        </Button>
      )}
      {comments?.length === 0 && (
        <p className="quiet">
          {open ? "Nothing said yet: which van, whose keys, what time?" : "Nothing said yet."}
        </p>
      )}
      {comments && comments.length > 0 && (
        <ul>
          {comments.map((comment) => {
            const mine = comment.author_id === me?.id;
            return (
              <CommentItem
                key={comment.id}
                comment={comment}
                people={people}
                mayChange={open && mine}
                mayDelete={open && (mine || rights.owner)}
              />
            );
          })}
        </ul>
      )}
      {open && (
        <CommentForm
          label="New comment"
          people={people}
          action="Comment"
          send={(text) => say(task.id, text)}
        />
      )}
    </section>
  );
}
