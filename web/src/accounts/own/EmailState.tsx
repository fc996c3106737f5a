/** One's address, and whether it is known to be one's own. */
import type { User } from "@/api/types";
import { SendAgain } from "../auth/SendAgain";
import { Lamp } from "@/ui/Lamp";
import button from "@/ui/button.module.css";
import styles from "./states.module.css";

export function EmailState({ me }: { me: User }) {
  return (
    <>
      <p className={styles.state}>
        <Lamp lit={me.email_verified} />
        <span>
          <strong>{me.email}</strong>
          <span className="quiet">
            {me.email_verified
              ? "Confirmed: it is known to be yours."
              : "Not confirmed yet to be yours."}
          </span>
        </span>
      </p>
      {!me.email_verified && (
        <div className={button.formActions}>
          <SendAgain>Send me a link to confirm it</SendAgain>
        </div>
      )}
    </>
  );
}
