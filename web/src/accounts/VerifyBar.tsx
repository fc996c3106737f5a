/** A line at the top while one's address isn't confirmed; it can be put off for a week. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { instanceQuery, meQuery } from "@/api/queries";
import { recall, remember } from "@/api/storage";
import { SendAgain } from "./auth/SendAgain";
import { IconButton } from "@/ui/Button";
import styles from "./verify-bar.module.css";

const LATER_MS = 7 * 86_400_000;

const isPutOff = () => Number(recall("verify-later") ?? 0) > Date.now();

export function VerifyBar() {
  const { data: me } = useQuery(meQuery);
  const { data: instance } = useQuery(instanceQuery);
  const [later, setLater] = useState(isPutOff);
  // Where no mail is sent, nobody has a link to open.
  if (!me || later || me.email_verified || instance?.sends_mail !== true) return null;
  const putOff = () => {
    remember("verify-later", String(Date.now() + LATER_MS));
    setLater(true);
  };
  return (
    <section className={styles.verifyBar} aria-label="Your e-mail address">
      <p>
        To confirm your address, open the link sent to <strong>{me.email}</strong>.
      </p>
      <SendAgain />
      <IconButton icon="close" label="Not now" size={18} onClick={putOff} />
    </section>
  );
}
