/** A line at the top while one's address isn't verified; it can be put off for a week. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { User } from "@/api/contract";
import { meQuery } from "@/api/queries";
import { recall, remember } from "@/api/storage";
import { SendAgain } from "@/auth/SendAgain";
import { IconButton } from "@/ui/Button";
import "./verify-bar.css";

const LATER_MS = 7 * 86_400_000;

const isPutOff = () => Number(recall("verify-later") ?? 0) > Date.now();

export function VerifyBar() {
  const { data: me } = useQuery(meQuery);
  const [later, setLater] = useState(isPutOff);
  if (!me || later || (me as User).email_verified) return null;
  const putOff = () => {
    remember("verify-later", String(Date.now() + LATER_MS));
    setLater(true);
  };
  return (
    <section className="verify-bar" aria-label="Your e-mail address">
      <p>
        Your address <strong>{me.email}</strong> isn't verified yet. Open the link in the message
        that was sent there.
      </p>
      <SendAgain />
      <IconButton icon="close" label="Not now" size={18} onClick={putOff} />
    </section>
  );
}
