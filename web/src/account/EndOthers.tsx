/** Signing out everywhere else. Several devices at once: it asks. */
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/toasts";
import { useSubmit } from "@/ui/useSubmit";
import { endOthers } from "./sessions";

export function EndOthers({ count, onClose }: { count: number; onClose: () => void }) {
  const form = useSubmit(async () => {
    await endOthers();
    onClose();
    toast({ text: "You are signed out everywhere else." });
  }, []);
  return (
    <Dialog title="Sign out everywhere else" onClose={onClose}>
      <p>
        {count === 1 ? "The other device" : `The ${count} other devices`} will have to sign in again.
        This one stays signed in, and API tokens go on working.
      </p>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className="form-actions" onSubmit={form.submit}>
        <Button type="submit" look="signal" disabled={form.pending}>
          {form.pending ? "Signing out…" : "Sign out the others"}
        </Button>
        <Button look="bare" onClick={onClose}>
          Cancel
        </Button>
      </form>
    </Dialog>
  );
}
