/** Inviting to a project: one person by mail, or several by a link, which is then shown once. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { instanceQuery } from "@/api/queries";
import { Button } from "@/ui/Button";
import button from "@/ui/button.module.css";
import { CopyButton } from "@/ui/CopyButton";
import { Dialog } from "@/ui/Dialog";
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { Select } from "@/ui/Select";
import { toast } from "@/ui/toasts";
import { useSubmit } from "@/ui/useSubmit";
import type { Project } from "../projects/queries";
import { RANK_CHOICES, RANK_MAY, type MemberRank } from "../projects/ranks";
import { invite } from "./actions";
import styles from "./members.module.css";

const LASTS = [
  { value: "1", name: "A day" },
  { value: "7", name: "A week" },
  { value: "30", name: "30 days" },
];
const MOST_USES = 100;

type Way = "mail" | "link";

interface Props {
  project: Project;
  onClose: () => void;
}

export function InviteDialog({ project, onClose }: Props) {
  const { data: instance } = useQuery(instanceQuery);
  const [chosen, setChosen] = useState<Way | null>(null);
  const [rank, setRank] = useState<MemberRank>("editor");
  const [url, setUrl] = useState<string | null>(null);
  // Where no mail is sent, a letter waits in the administrators' outbox: a link is better off.
  const way = chosen ?? (instance?.sends_mail === false ? "link" : "mail");
  const form = useSubmit(
    async ({ email = "", days = "7", max_uses = "10" }) => {
      const to = way === "mail" ? { email: email.trim(), max_uses: 1 } : { max_uses: Number(max_uses) };
      const made = await invite(project, { rank, expires_in_days: Number(days), ...to });
      if (made.url !== null) {
        setUrl(made.url);
        return;
      }
      toast({ text: `An invitation is on its way to ${made.email ?? "them"}.` });
      onClose();
    },
    ["email", "max_uses"],
  );
  if (url !== null) return <Link project={project} url={url} onClose={onClose} />;
  return (
    <Dialog title={`Invite to “${project.name}”`} onClose={onClose}>
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <form className={styles.form} onSubmit={form.submit}>
        <fieldset className={styles.ways}>
          <legend className="unseen">How</legend>
          {(["mail", "link"] as const).map((each) => (
            <label key={each}>
              <input
                type="radio"
                name="way"
                value={each}
                checked={way === each}
                onChange={() => setChosen(each)}
              />
              {each === "mail" ? "One person, by mail" : "Several, by a link"}
            </label>
          ))}
        </fieldset>
        {way === "mail" ? (
          <Field
            name="email"
            label="E-mail"
            type="email"
            required
            maxLength={254}
            autoComplete="off"
            hint={
              instance?.sends_mail === false
                ? "This Backline sends no mail: the letter waits in the administrators' outbox."
                : "Somebody without an account can make one on the way."
            }
            fault={form.fault("email")}
          />
        ) : (
          <Field
            name="max_uses"
            label="For how many people"
            type="number"
            min={1}
            max={MOST_USES}
            defaultValue={10}
            required
            hint="Whoever has the link comes in, until so many have."
            fault={form.fault("max_uses")}
          />
        )}
        <div className={styles.pair}>
          <Select
            label="As"
            options={RANK_CHOICES}
            value={rank}
            onChange={(event) => setRank(event.target.value as MemberRank)}
          />
          <Select label="Good for" name="days" options={LASTS} defaultValue="7" />
        </div>
        <p className="quiet">
          {way === "mail" ? "They" : "All of them"} can {RANK_MAY[rank]}. You can change that later.
        </p>
        <DialogActions
          form={form}
          send={way === "mail" ? "Send the invitation" : "Make the link"}
          sending={way === "mail" ? "Sending…" : "Making it…"}
          onClose={onClose}
        />
      </form>
    </Dialog>
  );
}

function Link({ project, url, onClose }: Props & { url: string }) {
  return (
    <Dialog title={`The link to “${project.name}”`} onClose={onClose}>
      <p>Copy it now, it is shown this one time. Give it only to those who should come in.</p>
      <div className={styles.once}>
        <code translate="no">{url}</code>
        <CopyButton text={url}>Copy the link</CopyButton>
      </div>
      <div className={button.formActions}>
        <Button look="signal" onClick={onClose}>
          I have copied it
        </Button>
      </div>
    </Dialog>
  );
}
