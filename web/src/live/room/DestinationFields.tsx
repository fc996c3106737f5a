/** What a new destination needs: its server, the key, a name. */
import { DialogActions } from "@/ui/DialogActions";
import { Field } from "@/ui/Field";
import { Notice } from "@/ui/Notice";
import { Select } from "@/ui/Select";
import { useSubmit } from "@/ui/useSubmit";
import { addDestination } from "../destinations";
import { LONGEST_NAME } from "../list/NewProject";
import type { LiveProject, Preset } from "../types";
import { rate } from "../words";
import { KeyField } from "./KeyField";
import styles from "./add-destination.module.css";

const ownName = ({ id, name }: Preset) => (id === "custom" ? "" : name);

function wants({ name, most_kbps, keyframe_s }: Preset): string | null {
  if (most_kbps === null && keyframe_s === null) return null;
  const most = most_kbps === null ? null : `at most ${rate(most_kbps)}`;
  const keyframes = keyframe_s === null ? null : `a keyframe every ${keyframe_s} s at the latest`;
  return `${name} wants ${[most, keyframes].filter((each) => each !== null).join(", and ")}.`;
}

interface Props {
  project: LiveProject;
  preset: Preset;
  onClose: () => void;
}

export function DestinationFields({ project, preset, onClose }: Props) {
  const { id, servers, find_key, key_url, note } = preset;
  const form = useSubmit(
    async ({ name = "", url = "", stream_key = "" }) => {
      await addDestination(project.id, {
        name: name.trim(),
        url: url.trim(),
        stream_key: stream_key.trim(),
        preset: id,
        enabled: true,
      });
      onClose();
    },
    ["url", "stream_key", "name"],
  );
  const advice = wants(preset);
  return (
    <form className={styles.fields} onSubmit={form.submit}>
      {servers.length > 1 && (
        <Select
          label="Server"
          name="url"
          options={servers.map(({ name, url }) => ({ value: url, name }))}
        />
      )}
      {servers.length <= 1 && (
        <Field
          label="Server"
          name="url"
          type="url"
          inputMode="url"
          autoComplete="off"
          spellCheck={false}
          required
          placeholder="rtmps://live.example.org/app"
          defaultValue={servers[0]?.url ?? ""}
          fault={form.fault("url")}
        />
      )}
      <KeyField
        required
        fault={form.fault("stream_key")}
        hint="It is kept encrypted, and nobody is shown it again, not even you."
      />
      <p className={styles.find}>
        {find_key}{" "}
        {key_url !== null && (
          <a href={key_url} target="_blank" rel="noopener noreferrer">
            Open {preset.name}
          </a>
        )}
      </p>
      <Field
        label="Name"
        name="name"
        autoComplete="off"
        required
        maxLength={LONGEST_NAME}
        defaultValue={ownName(preset)}
        fault={form.fault("name")}
      />
      {(advice !== null || note !== "") && (
        <p className="quiet">
          {advice} {note}
        </p>
      )}
      {form.summary !== null && <Notice>{form.summary}</Notice>}
      <DialogActions form={form} send="Add it" sending="Adding it…" onClose={onClose} />
    </form>
  );
}
