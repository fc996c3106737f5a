/** Keys for programs: one's API tokens. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ApiToken } from "../types";
import { tokensQuery } from "./queries";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { DeleteToken } from "./DeleteToken";
import { NewToken } from "./NewToken";
import { exampleFor } from "./ShownOnce";
import { TokenRow } from "./TokenRow";
import { WithMe } from "./WithMe";
import rows from "@/ui/rows.module.css";

export default function TokensPage() {
  const [making, setMaking] = useState(false);
  const [doomed, setDoomed] = useState<ApiToken | null>(null);
  const { data, error, refetch } = useQuery(tokensQuery);
  const tokens = data?.items;
  const make = (
    <Button look="signal" icon="key" onClick={() => setMaking(true)}>
      New token
    </Button>
  );
  return (
    <>
      {error && !tokens && (
        <Failed what="Your tokens can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!tokens && !error && <Skeleton what="your tokens" rows={3} />}
      {tokens?.length === 0 && (
        <Empty icon="key" title="No keys for programs" action={make}>
          <p>
            A token lets a script or an app of yours in without your password, to do what you allow
            it and nothing else. You can delete it at any time.
          </p>
          <pre translate="no">{exampleFor("bl_…")}</pre>
        </Empty>
      )}
      {tokens && tokens.length > 0 && (
        <>
          <div className={rows.rowsHead}>
            <p>Keys for your scripts and apps. Each can do what it was made for, and no more.</p>
            {make}
          </div>
          <ul className={rows.rows} aria-label="API tokens">
            {tokens.map((token) => (
              <TokenRow key={token.id} token={token} onDelete={() => setDoomed(token)} />
            ))}
          </ul>
        </>
      )}
      {making && <WithMe>{(me) => <NewToken me={me} onClose={() => setMaking(false)} />}</WithMe>}
      {doomed && <DeleteToken token={doomed} onClose={() => setDoomed(null)} />}
    </>
  );
}
