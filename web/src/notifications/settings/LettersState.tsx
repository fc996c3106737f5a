/** Why no letters come, where none can. */
import { Link } from "@tanstack/react-router";
import type { Settings } from "../types";

export function LettersState({ letters }: Pick<Settings, "letters">) {
  if (letters === "sent") return null;
  return (
    <p className="quiet">
      {letters === "no-server" ? (
        "No letters are sent: this Backline has no mail server. Its administrator can name one."
      ) : (
        <>
          No letters are sent until you have confirmed your address, in{" "}
          <Link to="/account">your account</Link>.
        </>
      )}
    </p>
  );
}
