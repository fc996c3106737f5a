/** The button that sends another message to confirm one's address, and says how that went. */
import { useState } from "react";
import type { Accepted } from "@/api/types";
import { http } from "@/api/http";
import { sentenceOf } from "@/api/problem";
import { Button } from "@/ui/Button";

type State = { at: "idle" | "sending" } | { at: "sent" | "refused"; said: string };

interface Props {
  look?: "plain" | "signal";
  children?: string;
}

export function SendAgain({ look = "plain", children = "Send again" }: Props) {
  const [state, setState] = useState<State>({ at: "idle" });
  const send = async () => {
    setState({ at: "sending" });
    try {
      const { message } = await http.post<Accepted>("/users/me/verify");
      setState({ at: "sent", said: message });
    } catch (error) {
      setState({ at: "refused", said: sentenceOf(error) });
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
          {state.at === "sending" ? "Sending…" : children}
        </Button>
      )}
      <span role="status">{"said" in state && state.said}</span>
    </>
  );
}
