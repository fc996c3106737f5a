/** One's own account: name, password, storage, theme, and the way out. */
import { useQuery } from "@tanstack/react-query";
import { meQuery } from "@/api/queries";
import { StorageMeter } from "./StorageMeter";
import { Failed } from "@/ui/Notice";
import { Page } from "@/ui/Page";
import { Skeleton } from "@/ui/Skeleton";
import { DeleteAccount } from "./DeleteAccount";
import { NameForm } from "./NameForm";
import { PasswordForm } from "./PasswordForm";
import { ThemeChoice } from "./ThemeChoice";
import "./account.css";

export default function AccountPage() {
  const { data: me, error, refetch } = useQuery(meQuery);
  return (
    <Page title="Account">
      {error && !me && (
        <Failed what="Your account can't be shown" error={error} retry={() => void refetch()} />
      )}
      {!me && !error && <Skeleton what="your account" shape="block" rows={2} />}
      {me && (
        <div className="account">
          <section className="account-part" aria-labelledby="you">
            <h2 id="you">You</h2>
            <NameForm me={me} />
          </section>
          <section className="account-part" aria-labelledby="password">
            <h2 id="password">Password</h2>
            <PasswordForm me={me} />
          </section>
          <section className="account-part" aria-labelledby="storage">
            <h2 id="storage">Storage</h2>
            <StorageMeter />
          </section>
          <section className="account-part" aria-labelledby="theme">
            <h2 id="theme">Theme</h2>
            <ThemeChoice />
          </section>
          <section className="account-part" aria-labelledby="leave">
            <h2 id="leave">Delete account</h2>
            <DeleteAccount me={me} />
          </section>
        </div>
      )}
    </Page>
  );
}
