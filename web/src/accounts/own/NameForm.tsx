/** The name that others see. */
import { queryClient } from "@/api/client";
import { http } from "@/api/http";
import { meQuery } from "@/api/queries";
import type { User } from "@/api/types";
import { Button } from "@/ui/Button";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { toast } from "@/ui/toasts";
import { useSubmit } from "@/ui/useSubmit";
import button from "@/ui/button.module.css";
import field from "@/ui/field.module.css";

export function NameForm({ me }: { me: User }) {
  const form = useSubmit(
    async ({ name = "" }) => {
      const next = await http.patch<User>("/users/me", { name: name.trim() });
      queryClient.setQueryData(meQuery.queryKey, next);
      toast({ text: "Your name is saved." });
    },
    ["name"],
  );
  return (
    <form className={field.form} onSubmit={form.submit}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <Field
        label="Name"
        name="name"
        autoComplete="name"
        required
        maxLength={100}
        defaultValue={me.name}
        hint="What others here see of you."
        fault={form.fault("name")}
      />
      <div className={button.formActions}>
        <Button type="submit" disabled={form.pending}>
          {form.pending ? "Saving…" : "Save the name"}
        </Button>
      </div>
    </form>
  );
}
