/** One table that was brought: what is in it, how far it is, and what can be done with it. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { jobQuery } from "@/api/queries";
import { Button, IconButton } from "@/ui/Button";
import { Meter } from "@/ui/Meter";
import { levelOf, progressWords } from "@/ui/progress";
import { When } from "@/ui/When";
import { plural } from "../words";
import { beginImport, deleteImport, undoImport } from "./actions";
import { Items } from "./Items";
import type { ConcertImport } from "./queries";
import styles from "./imports.module.css";

const WORKING = ["reading", "importing", "undoing"] as const;
const isWorking = ({ state }: ConcertImport) => WORKING.some((each) => each === state);

/** "12 new, 3 there already, 1 can't be added". */
function summary(brought: ConcertImport): string {
  const { new_count, known_count, wrong_count, made_count, removed_count } = brought;
  const parts = [
    [made_count, "added"],
    [removed_count, "taken back"],
    [new_count, "new"],
    [known_count, "in your history already"],
    [wrong_count, "can’t be added"],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, words]) => `${n.toLocaleString("en")} ${words}`);
  return said.length > 0 ? said.join(", ") : "No concerts in it";
}

function Working({ brought }: { brought: ConcertImport }) {
  const { data: job } = useQuery(jobQuery(brought.job_id));
  const words = progressWords(job);
  return (
    <>
      <Meter label={`Progress with ${brought.filename}`} kind="progressbar" level={levelOf(job)} text={words} />
      <p className="quiet">{words}</p>
    </>
  );
}

function Actions({ brought, working }: { brought: ConcertImport; working: boolean }) {
  const { state, filename, new_count, made_count } = brought;
  const can = !working && state !== "failed" && new_count > 0;
  return (
    <div className={styles.actions}>
      {can && (
        <Button small look="signal" onClick={() => void beginImport(brought)}>
          Add {plural(new_count, "concert")}
        </Button>
      )}
      {(state === "importing" || (state === "done" && made_count > 0)) && (
        <Button small icon="restore" onClick={() => void undoImport(brought)}>
          {state === "importing" ? "Stop and take back" : "Take back"}
        </Button>
      )}
      {!working && (
        <IconButton icon="trash" label={`Delete the table ${filename}`} onClick={() => void deleteImport(brought)} />
      )}
    </div>
  );
}

export function ImportCard({ brought }: { brought: ConcertImport }) {
  const { state, filename, error, ignored } = brought;
  const [chosen, setChosen] = useState<boolean | null>(null);
  // What was just read is there to be looked at.
  const open = chosen ?? state === "ready";
  const working = isWorking(brought);
  const readable = state !== "reading" && state !== "failed";
  return (
    <article className={styles.card} aria-label={`Table ${filename}`}>
      <header>
        <h2>{filename}</h2>
        <span className="quiet">
          <When time={brought.created_at} />
        </span>
        <Actions brought={brought} working={working} />
      </header>
      {working && <Working brought={brought} />}
      {readable && <p>{summary(brought)}</p>}
      {error !== null && <p className={state === "failed" ? styles.error : undefined}>{error}</p>}
      {readable && ignored.length > 0 && (
        <p className="quiet">Left out, since nobody knows these columns: {ignored.join(", ")}.</p>
      )}
      {readable && (
        <details open={open} onToggle={(event) => setChosen(event.currentTarget.open)}>
          <summary>What is in it</summary>
          {open && <Items id={brought.id} />}
        </details>
      )}
    </article>
  );
}
