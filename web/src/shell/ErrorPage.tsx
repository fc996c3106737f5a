/** What a page shows instead of itself when it fails, and the page for addresses that lead nowhere. */
import { Link, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { onBack } from "@/api/connection";
import { Problem, sentenceOf } from "@/api/problem";
import { reportError } from "@/api/report";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { Page } from "@/ui/Page";

export function ErrorPage({ error, reset }: { error: unknown; reset: () => void }) {
  const router = useRouter();
  useEffect(() => reportError(error, router.state.location.pathname), [error, router]);
  const again = () => {
    reset();
    void router.invalidate();
  };
  useEffect(() =>
    onBack(() => {
      reset();
      void router.invalidate();
    }),
  );
  const silent = error instanceof Problem && error.status === 0;
  return (
    <Page title={silent ? "Waiting for the server" : "This page failed"}>
      <Notice
        action={
          <Button icon="retry" onClick={again}>
            Try again
          </Button>
        }
      >
        {sentenceOf(error)}
      </Notice>
      {!silent && (
        <p className="quiet">
          The rest of Backline still works. What went wrong has been written to the server's log.
        </p>
      )}
    </Page>
  );
}

export function NotFoundPage() {
  return (
    <Page title="Nothing here">
      <p>
        This address leads nowhere. It may have been mistyped, or what it named was deleted.{" "}
        <Link to="/">Go home</Link>
      </p>
    </Page>
  );
}
