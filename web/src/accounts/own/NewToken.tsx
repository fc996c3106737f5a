/** Making an API token: its name, what it may do, how long it lasts; then the token itself, once. */
import { useState } from "react";
import { queryClient } from "@/api/client";
import type { User } from "@/api/types";
import type { NewToken as Made, TokenForm } from "../types";
import { http } from "@/api/http";
import { Problem } from "@/api/problem";
import { tokensQuery } from "./queries";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { Select } from "@/ui/Select";
import { useSubmit } from "@/ui/useSubmit";
import { ScopeTable } from "./ScopeTable";
import { ShownOnce } from "./ShownOnce";
import tokens from "./tokens.module.css";

const LASTS = [
  { value: "30", name: "30 days" },
  { value: "90", name: "90 days" },
  { value: "365", name: "A year" },
  { value: "", name: "Until it is deleted" },
];

export function NewToken({ me, onClose }: { me: User; onClose: () => void }) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set(["audio:read"]));
  const [made, setMade] = useState<string | null>(null);
  const form = useSubmit(
    async ({ name = "", lasts = "" }) => {
      if (chosen.size === 0) throw new Problem(422, "", "Choose at least one thing it may do.");
      const body: TokenForm = {
        name: name.trim(),
        scopes: [...chosen].sort(),
        expires_in_days: lasts === "" ? null : Number(lasts),
      };
      const { token } = await http.post<Made>("/users/me/tokens", body);
      setMade(token);
      await queryClient.invalidateQueries({ queryKey: tokensQuery.queryKey });
    },
    ["name"],
  );
  if (made !== null) return <ShownOnce token={made} onClose={onClose} />;
  return (
    <Dialog title="New API token" onClose={onClose}>
      <form className={tokens.newToken} onSubmit={form.submit}>
        <Field
          label="Name"
          name="name"
          autoComplete="off"
          required
          maxLength={100}
          hint="What it is for, so that you know it again: “Nightly backup”."
          fault={form.fault("name")}
        />
        <Select label="Lasts" name="lasts" options={LASTS} defaultValue="90" />
        <ScopeTable chosen={chosen} onChange={setChosen} isAdmin={me.role === "admin"} />
        {form.summary !== null && <Notice>{form.summary}</Notice>}
        <DialogActions form={form} send="Make the token" sending="Making it…" onClose={onClose} />
      </form>
    </Dialog>
  );
}
