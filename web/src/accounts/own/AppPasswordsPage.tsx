/** App passwords: for players and apps that know a server, a name and a password. */
import { useQuery } from "@tanstack/react-query";
import { Suspense, useState } from "react";
import { useHouse } from "@/shell/house";
import { Button } from "@/ui/Button";
import { Empty } from "@/ui/Empty";
import { Failed } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import rows from "@/ui/rows.module.css";
import type { AppPassword } from "../types";
import { AppPasswordRow } from "./AppPasswordRow";
import { NewAppPassword } from "./NewAppPassword";
import { RevokeAppPassword } from "./RevokeAppPassword";
import { WithMe } from "./WithMe";
import { appPasswordsQuery } from "./queries";
import styles from "./apps.module.css";

export default function AppPasswordsPage() {
  const [making, setMaking] = useState(false);
  const [doomed, setDoomed] = useState<AppPassword | null>(null);
  const { data, error, refetch } = useQuery(appPasswordsQuery);
  const { apps } = useHouse();
  const passwords = data?.items;
  const make = (
    <Button look="signal" icon="key" onClick={() => setMaking(true)}>
      New app password
    </Button>
  );
  return (
    <>
      {error && !passwords && (
        <Failed
          what="Your app passwords can't be shown"
          error={error}
          retry={() => void refetch()}
        />
      )}
      {!passwords && !error && <Skeleton what="your app passwords" rows={3} />}
      {passwords?.length === 0 && (
        <Empty icon="key" title="No apps connected" action={make}>
          <p>
            Players and apps that ask for a server, a name and a password get one of their own here.
            Your account's password stays yours, and each app can be shut out by itself.
          </p>
        </Empty>
      )}
      {passwords && passwords.length > 0 && (
        <>
          <div className={rows.rowsHead}>
            <p>One for each app, so that each can be shut out by itself.</p>
            {make}
          </div>
          <ul className={rows.rows} aria-label="App passwords">
            {passwords.map((password) => (
              <AppPasswordRow
                key={password.id}
                password={password}
                onRevoke={() => setDoomed(password)}
              />
            ))}
          </ul>
        </>
      )}
      {passwords && (
        <WithMe>
          {(me) => (
            <div className={styles.guides}>
              <Suspense fallback={<Skeleton what="how apps are connected" rows={3} />}>
                {apps.map((Guide, at) => (
                  <Guide key={at} me={me} />
                ))}
              </Suspense>
            </div>
          )}
        </WithMe>
      )}
      {making && (
        <WithMe>{(me) => <NewAppPassword me={me} onClose={() => setMaking(false)} />}</WithMe>
      )}
      {doomed && <RevokeAppPassword password={doomed} onClose={() => setDoomed(null)} />}
    </>
  );
}
