/** Sessions of photos to decide on, one at a time: which concert was it, or none? The keyboard is enough. */
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTelling } from "@/api/store";
import { preload } from "react-dom";
import { Button } from "@/ui/Button";
import button from "@/ui/button.module.css";
import { classes } from "@/ui/classes";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { concertName } from "../history/words";
import { plural } from "../words";
import { ByHand } from "./ByHand";
import { Candidates } from "./Candidates";
import { shownReview, startReviewKeys } from "./keys";
import { cityQuery, reviewsQuery } from "./queries";
import { Matching } from "./Matching";
import { Session } from "./Session";
import type { Candidate, Review } from "./types";
import { useDecisions } from "./useDecisions";
import styles from "./review-page.module.css";

/** With fewer left, further ones are fetched. */
const NEAR = 10;
const NONE: readonly Review[] = [];

function Nothing({ decided }: { decided: boolean }) {
  return (
    <Empty
      icon="check"
      title={decided ? "All decided" : "Nothing to decide"}
      action={
        <Link to="/photos/scans" className={button.button}>
          Scan a folder
        </Link>
      }
    >
      <p>
        Photos that were taken at one go find their concert by themselves where it is certain. Where
        it isn’t, they wait here with the evenings that they may be of: a key for each, and the next
        ones are there.
      </p>
    </Empty>
  );
}

export default function ReviewPage() {
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } =
    useInfiniteQuery(reviewsQuery);
  const items = data?.pages.flatMap((page) => page.items) ?? NONE;
  const { line, current, following, last, decide, decided, undo, skip } = useDecisions(items);
  const [writing, setWriting] = useState(false);

  const few = line.length < NEAR && hasNextPage && !isFetching && error === null;
  useEffect(() => {
    if (few) void fetchNextPage();
  }, [few, fetchNextPage]);
  // The next one is there at once.
  useQuery(cityQuery(following?.location ?? null));
  for (const { thumbnail } of following?.photos ?? []) {
    if (thumbnail !== null) preload(thumbnail, { as: "image" });
  }

  const accept = (candidate: Candidate) =>
    decide({
      call: "accept",
      body: { candidate: candidate.key },
      words: concertName(candidate),
    });
  const none = () => decide({ call: "dismiss", body: {}, words: "No concert" });

  useTelling(shownReview, {
    accept: (at) => {
      const candidate = current?.candidates[at];
      if (candidate) accept(candidate);
    },
    none,
    skip,
    undo,
    byHand: () => setWriting(current !== undefined),
  });
  useLayoutEffect(startReviewKeys, []);

  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef<string | undefined>(undefined);
  const id = current?.id;
  useLayoutEffect(() => {
    // The first one leaves the focus where it is; what had it goes with the one that was decided.
    if (shown.current !== undefined && id !== shown.current) heading.current?.focus({ preventScroll: true });
    shown.current = id;
  }, [id]);

  return (
    <div className={styles.review}>
      <Matching />
      {error !== null && (
        <Failed what="Reviews can’t be shown" error={error} retry={() => void refetch()} />
      )}
      {!data && error === null && <Skeleton what="what to decide on" rows={1} shape="block" />}
      {data && !current && !hasNextPage && <Nothing decided={last !== undefined} />}
      {current && (
        <div className={styles.columns}>
          <Session key={current.id} review={current} heading={heading} />
          <Candidates
            review={current}
            left={`${line.length}${hasNextPage ? "+" : ""}`}
            onAccept={accept}
          />
        </div>
      )}
      <div className={classes(styles.foot, current !== undefined && styles.deciding)}>
        {current && (
          <div className={styles.actions}>
            <Button icon="close" aria-keyshortcuts="n" onClick={none}>
              Not a concert <kbd>n</kbd>
            </Button>
            <Button icon="search" aria-keyshortcuts="/" onClick={() => setWriting(true)}>
              Another one <kbd>/</kbd>
            </Button>
            <Button icon="next" disabled={!following} aria-keyshortcuts="s" onClick={skip}>
              Skip <kbd>s</kbd>
            </Button>
          </div>
        )}
        <p className={styles.last} role="status">
          {last && (
            <span>
              {plural(last.review.photo_count, "photo")}: <strong>{last.words}</strong>
            </span>
          )}
        </p>
        {last && (
          <Button look="bare" icon="restore" aria-keyshortcuts="u" onClick={undo}>
            Undo <kbd>u</kbd>
          </Button>
        )}
      </div>
      {writing && current && (
        <ByHand
          key={current.id}
          review={current}
          onClose={() => setWriting(false)}
          onChoose={(choice) => {
            setWriting(false);
            decide(choice);
          }}
          onMade={(words) => {
            setWriting(false);
            decided(current, words);
          }}
        />
      )}
    </div>
  );
}
