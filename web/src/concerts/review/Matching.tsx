/** How far matching is: what waits, for what, and until when; and having it go on now. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { Button } from "@/ui/Button";
import { Icon } from "@/ui/Icon";
import { toast } from "@/ui/toasts";
import { When } from "@/ui/When";
import { shortDay } from "../history/words";
import { plural } from "../words";
import { matchingQuery } from "./queries";
import type { Standing } from "./types";
import styles from "./matching.module.css";

function Words({ standing }: { standing: Standing }) {
  const { waiting, waits_for, waits_until, expected_on, matched_at, full } = standing;
  return (
    <div className={styles.words}>
      {waiting > 0 ? (
        <p>
          <strong>{plural(waiting, "session")}</strong> of photos{" "}
          {waiting === 1 ? "waits" : "wait"} to be looked up
          {expected_on === null ? "." : `, probably until ${shortDay(expected_on)}.`}
        </p>
      ) : (
        <p>
          {matched_at === null ? (
            "Your photos weren’t looked through yet."
          ) : (
            <>
              All photos are looked through, last <When time={matched_at} />.
            </>
          )}
        </p>
      )}
      {waits_for !== null && (
        <p className="quiet">
          {waits_for}
          {waits_until !== null && waiting > 0 && (
            <>
              {" "}
              It goes on <When time={waits_until} />.
            </>
          )}
        </p>
      )}
      {full && (
        <p className={styles.full}>
          Your history holds as many concerts as this server allows. Delete one, or ask whoever runs it
          for more; what was found waits.
        </p>
      )}
    </div>
  );
}

export function Matching() {
  const { data } = useQuery(matchingQuery);
  const now = useMutation({
    mutationFn: () => http.post<Standing>("/concerts/matching"),
    onSuccess: (standing) => queryClient.setQueryData(matchingQuery.queryKey, standing),
    onError: (error) =>
      toast({ tone: "trouble", text: `Matching didn’t begin. ${sentenceOf(error)}` }),
  });
  // Beside what there is to decide it is only a word more: its failing tells itself elsewhere.
  if (!data) return null;
  return (
    <section className={styles.matching} aria-label="Matching">
      <Icon name={data.waiting > 0 ? "clock" : "check"} />
      <Words standing={data} />
      <Button small icon="retry" disabled={now.isPending} onClick={() => now.mutate()}>
        {now.isPending ? "Beginning…" : "Match now"}
      </Button>
    </section>
  );
}
