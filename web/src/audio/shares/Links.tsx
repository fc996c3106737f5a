/** The links of one thing that anybody may open: those that there are, and a new one. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/ui/Button";
import { CopyButton } from "@/ui/CopyButton";
import { Failed, Notice } from "@/ui/Notice";
import { useNow } from "@/ui/now";
import { useSubmit } from "@/ui/useSubmit";
import button from "@/ui/button.module.css";
import type { Share } from "../types";
import { addressOf, makeShare, revokeShare } from "./actions";
import { daysOf, endOf, USUAL_END } from "./ends";
import { sharesOfQuery, type Thing } from "./queries";
import { ShareFields } from "./ShareFields";
import styles from "./shares.module.css";

function NewLink({ thing, onDone }: { thing: Thing; onDone: () => void }) {
  const form = useSubmit(
    async ({ end = USUAL_END, description = "", may_download }) => {
      await makeShare({
        kind: thing.kind,
        thing_id: thing.id,
        description,
        expires_in_days: daysOf(end),
        may_download: may_download === "on",
      });
      onDone();
    },
    ["description"],
  );
  return (
    <form className={styles.form} onSubmit={form.submit}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <ShareFields form={form} />
      <div className={button.formActions}>
        <Button type="submit" look="signal" icon="link" disabled={form.pending}>
          {form.pending ? "Making…" : "Make the link"}
        </Button>
      </div>
    </form>
  );
}

function Made({ share }: { share: Share }) {
  const now_ms = useNow();
  const facts = [endOf(share, now_ms), share.may_download && "with downloads", share.description];
  return (
    <li className={styles.made}>
      <code className={styles.address} translate="no">
        {addressOf(share)}
      </code>
      <span className="quiet">{facts.filter((fact) => fact !== false && fact !== "").join(" · ")}</span>
      <span className={styles.does}>
        <CopyButton small text={addressOf(share)}>
          Copy the link
        </CopyButton>
        <Button small icon="close" onClick={() => void revokeShare(share)}>
          Revoke
        </Button>
      </span>
    </li>
  );
}

interface Props {
  thing: Thing;
  /** Asks for a press before the form of the first one is shown. */
  folded?: boolean;
}

export function Links({ thing, folded = false }: Props) {
  const { data, error, refetch } = useQuery(sharesOfQuery(thing.id));
  const [making, setMaking] = useState(false);
  const links = data?.items ?? [];
  const open = making || (links.length === 0 && !folded);
  return (
    <section className={styles.links} aria-labelledby="links">
      <h3 id="links">Links for anybody</h3>
      <p className="quiet">
        Whoever has the link can listen without an account, until it ends or you revoke it.
      </p>
      {error && <Failed what="Its links can't be shown" error={error} retry={() => void refetch()} />}
      {links.length > 0 && (
        <ul className={styles.mades}>
          {links.map((share) => (
            <Made key={share.id} share={share} />
          ))}
        </ul>
      )}
      {data && open && <NewLink thing={thing} onDone={() => setMaking(false)} />}
      {data && !open && (
        <Button icon="link" onClick={() => setMaking(true)}>
          {links.length === 0 ? "New link" : "Another link"}
        </Button>
      )}
    </section>
  );
}
