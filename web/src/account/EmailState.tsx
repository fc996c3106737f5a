/** One's address, and whether it is known to be one's own. */
import type { User } from "@/api/contract";
import { SendAgain } from "@/auth/SendAgain";
import { Lamp } from "@/ui/Lamp";
import "./states.css";

export function EmailState({ me }: { me: User }) {
  return (
    <>
      <p className="state">
        <Lamp lit={me.email_verified} />
        <span>
          <strong>{me.email}</strong>
          <span className="quiet">{me.email_verified ? "Verified" : "Not verified yet"}</span>
        </span>
      </p>
      {!me.email_verified && (
        <>
          <p className="quiet">
            Open the link in the message that was sent there. A verified address is what a forgotten
            password is replaced by.
          </p>
          <div className="form-actions">
            <SendAgain />
          </div>
        </>
      )}
    </>
  );
}
