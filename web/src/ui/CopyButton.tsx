/** Copies a text and says so on itself. */
import { useEffect, useState } from "react";
import { Button } from "./Button";
import { copyText } from "./copy";

const SAYS_SO_MS = 2_500;

interface Props {
  text: string;
  children: string;
  small?: boolean;
}

export function CopyButton({ text, children, small = false }: Props) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), SAYS_SO_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const said = { idle: "", copied: "Copied", refused: "Select it and press Ctrl C" }[state];
  return (
    <>
      <Button
        small={small}
        icon={state === "copied" ? "check" : "copy"}
        onClick={(event) => {
          const button = event.currentTarget;
          void copyText(text, button).then((copied) => {
            setState(copied ? "copied" : "refused");
            button.focus();
          });
        }}
      >
        {said === "" ? children : said}
      </Button>
      <span className="unseen" role="status">
        {said}
      </span>
    </>
  );
}
