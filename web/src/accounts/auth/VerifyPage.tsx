/** The page behind the link of a message that asks to confirm an address. Opening it is enough. */
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { Problem, sentenceOf } from "@/api/problem";
import { meQuery } from "@/api/queries";
import { restore, session } from "@/api/session";
import { useStore } from "@/api/store";
import { secret } from "@/shell/secret";
import { VisitorFrame } from "@/shell/VisitorFrame";
import { Button } from "@/ui/Button";
import { Notice } from "@/ui/Notice";
import { Skeleton } from "@/ui/Skeleton";
import { SendAgain } from "./SendAgain";
import { classes } from "@/ui/classes";
import button from "@/ui/button.module.css";

async function verify(token: string): Promise<true> {
  await http.post("/auth/verify", { token }, { signedIn: false });
  await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
  return true;
}

export default function VerifyPage() {
  const token = useStore(secret);
  const inside = useStore(session).state === "in";
  useQuery({ queryKey: ["session"], queryFn: async () => (await restore()).state, retry: false });
  // A query rather than an effect: however often the page is drawn, the link is used once.
  const { data, error, refetch } = useQuery({
    queryKey: ["verify", token],
    queryFn: () => verify(token),
    enabled: token !== "",
    staleTime: "static",
    retry: false,
  });
  const onward = (
    <Link className={classes(button.button, button.buttonSignal)} to={inside ? "/" : "/sign-in"}>
      {inside ? "Go on" : "Sign in"}
    </Link>
  );
  if (data === true) {
    return (
      <VisitorFrame title="Your address is confirmed" lead="Thank you. That was all.">
        {onward}
      </VisitorFrame>
    );
  }
  if (token !== "" && error === null) {
    return (
      <VisitorFrame title="Confirming your address">
        <Skeleton what="the answer" rows={1} />
      </VisitorFrame>
    );
  }
  const unheard = error instanceof Problem && (error.status === 0 || error.status >= 500);
  return (
    <VisitorFrame title="Not confirmed yet">
      <Notice
        title={token === "" ? "The link is incomplete" : "This link couldn't be used"}
        action={
          unheard && (
            <Button icon="retry" onClick={() => void refetch()}>
              Try again
            </Button>
          )
        }
      >
        {token === "" ? "Open the whole link of the message, with everything after #." : sentenceOf(error)}
      </Notice>
      {inside ? (
        <SendAgain look="signal">Send me a new link</SendAgain>
      ) : (
        <p className="quiet">Sign in and have another message sent, or open the newest one you got.</p>
      )}
      {inside ? <Link to="/">Not now</Link> : onward}
    </VisitorFrame>
  );
}
