/** The two buttons under a dialog: one sends its form, the other leaves all as it is. */
import { Button } from "./Button";
import type { Submission } from "./useSubmit";
import button from "./button.module.css";

export interface Actions {
  /** What sending does, and the same while it is under way. */
  send: string;
  sending: string;
  /** Trouble is what takes something away: the other button then says that it stays. */
  look?: "signal" | "trouble";
  onClose: () => void;
}

interface Props extends Actions {
  form: Submission;
  disabled?: boolean;
}

export function DialogActions({
  form,
  send,
  sending,
  look = "signal",
  disabled = false,
  onClose,
}: Props) {
  return (
    <div className={button.formActions}>
      <Button type="submit" look={look} disabled={disabled || form.pending}>
        {form.pending ? sending : send}
      </Button>
      <Button look="bare" onClick={onClose}>
        {look === "trouble" ? "Keep it" : "Cancel"}
      </Button>
    </div>
  );
}
