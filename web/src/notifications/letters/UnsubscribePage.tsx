/** The page behind the link in a letter that ends such letters. It asks: programs that look into
 *  mails follow their links as well. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { useStore } from "@/api/store";
import { secret } from "@/shell/secret";
import { VisitorFrame } from "@/shell/VisitorFrame";
import { Button } from "@/ui/Button";
import { Failed, Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import type { Ended } from "../types";

const PATH = "/notifications/unsubscribe";

function end(token: string, everything: boolean): Promise<Ended> {
  const query = { token, everything: everything ? "true" : null };
  return http.post<Ended>(PATH, {}, { query, signedIn: false });
}

/** Another link in the same window begins anew. */
export default function UnsubscribePage() {
  const token = useStore(secret);
  return <Asking key={token} token={token} />;
}

function Asking({ token }: { token: string }) {
  const { data, error, refetch } = useQuery({
    queryKey: ["unsubscribe", token],
    queryFn: ({ signal }) =>
      http.get<Ended>(`${PATH}/letters`, { query: { token }, signal, signedIn: false }),
    enabled: token !== "",
    retry: false,
  });
  const ending = useMutation({ mutationFn: (everything: boolean) => end(token, everything) });
  const settings = (
    <>
      What you are told, and how, you choose in{" "}
      <Link to="/notifications/settings">your settings</Link>.
    </>
  );
  if (token === "") {
    return (
      <VisitorFrame title="No more letters" foot={settings}>
        <Notice title="The link is incomplete">
          Open the whole link of the letter, with everything after #.
        </Notice>
      </VisitorFrame>
    );
  }
  if (ending.isSuccess) {
    const lead = ending.variables
      ? "No letters are sent to you any more, but those about your account itself."
      : `You get no more letters about ${ending.data.words}.`;
    return <VisitorFrame title="That's done" lead={lead} foot={settings}>{null}</VisitorFrame>;
  }
  if (data === undefined) {
    return (
      <VisitorFrame title="No more letters" foot={settings}>
        {error ? (
          <Failed what="This link couldn't be used" error={error} retry={() => void refetch()} />
        ) : (
          <Skeleton what="the letters" rows={1} />
        )}
      </VisitorFrame>
    );
  }
  return (
    <VisitorFrame
      title="No more letters?"
      lead={
        data.active
          ? `You get letters about ${data.words}.`
          : `You get no letters about ${data.words} any more.`
      }
      foot={settings}
    >
      {ending.isError && <Notice title="Not done yet">{sentenceOf(ending.error)}</Notice>}
      {data.active && (
        <Button look="signal" disabled={ending.isPending} onClick={() => ending.mutate(false)}>
          No more letters about this
        </Button>
      )}
      <Button disabled={ending.isPending} onClick={() => ending.mutate(true)}>
        No more letters at all
      </Button>
    </VisitorFrame>
  );
}
