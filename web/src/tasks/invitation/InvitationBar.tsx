/** A line above every page while an invitation was opened in this browser and not answered. */
import { Link } from "@tanstack/react-router";
import { useStore } from "@/api/store";
import { IconButton } from "@/ui/Button";
import button from "@/ui/button.module.css";
import { classes } from "@/ui/classes";
import { dropInvitation, held } from "./held";
import styles from "./invitation.module.css";

export function InvitationBar() {
  const token = useStore(held);
  if (token === "") return null;
  return (
    <section className={styles.bar} aria-label="An invitation">
      <p>You have been invited to a project.</p>
      <Link className={classes(button.button, button.buttonSmall)} to="/invitation">
        See the invitation
      </Link>
      <IconButton icon="close" label="Not wanted" size={18} onClick={dropInvitation} />
    </section>
  );
}
