/** The button that sends another message to verify one's address, and says how that went. */
import { useState } from "react";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { Button } from "@/ui/Button";

type State = { at: "idle" | "sending" | "sent" } | { at: "refused"; why: string };

export function SendAgain({ look = "plain" }: { look?: "plain" | "signal" }) {
  const [state, setState] = useState<State>({ at: "idle" });
  const send = async () => {
    setState({ at: "sending" });
    try {
      await http.post("/users/me/verify");
      setState({ at: "sent" });
    } catch (error) {
      setState({ at: "refused", why: sentenceOf(error) });
    }
  };
  return (
    <>
      {state.at !== "sent" && (
        <Button
          small={look === "plain"}
          look={look}
          disabled={state.at === "sending"}
          onClick={() => void send()}
        >
          {state.at === "sending" ? "Sending…" : "Send again"}
        </Button>
      )}
      <span role="status">
        {state.at === "sent" && "Sent. Look in your mail."}
        {state.at === "refused" && state.why}
      </span>
    </>
  );
}
