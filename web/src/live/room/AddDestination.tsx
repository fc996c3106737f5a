/** Adding a destination: the platform first, then its key. */
import { useState } from "react";
import { Button } from "@/ui/Button";
import { Dialog } from "@/ui/Dialog";
import { Icon } from "@/ui/Icon";
import { SearchBar } from "@/ui/SearchBar";
import type { LiveProject, Preset } from "../types";
import { DestinationFields } from "./DestinationFields";
import styles from "./add-destination.module.css";

const CUSTOM: Preset = {
  id: "custom",
  name: "Another server",
  servers: [],
  find_key: "Whoever runs the server tells you its address and your stream key.",
  key_url: null,
  most_kbps: null,
  keyframe_s: null,
  note: "",
};

interface PickerProps {
  presets: readonly Preset[];
  onPick: (preset: Preset) => void;
}

function Picker({ presets, onPick }: PickerProps) {
  const [text, setText] = useState("");
  const sought = text.trim().toLowerCase();
  const found = [...presets, CUSTOM].filter(
    ({ id, name }) => id === CUSTOM.id || name.toLowerCase().includes(sought),
  );
  return (
    <>
      <SearchBar
        label="Search platforms"
        placeholder="Search platforms"
        value={text}
        onChange={setText}
        onKeyDown={(event) => {
          const [first] = found;
          if (event.key !== "Enter" || !first) return;
          event.preventDefault();
          onPick(first);
        }}
      />
      <ul className={styles.platforms} aria-label="Platforms">
        {found.map((preset) => (
          <li key={preset.id}>
            <button type="button" onClick={() => onPick(preset)}>
              <span>{preset.name}</span>
              <Icon name="plus" size={18} />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

interface Props {
  project: LiveProject;
  presets: readonly Preset[];
  onClose: () => void;
}

export function AddDestination({ project, presets, onClose }: Props) {
  const [preset, setPreset] = useState<Preset | null>(null);
  if (preset === null) {
    return (
      <Dialog key="pick" title="Where should it go?" onClose={onClose}>
        <Picker presets={presets} onPick={setPreset} />
      </Dialog>
    );
  }
  return (
    <Dialog key="fill" title={preset.name} onClose={onClose}>
      <DestinationFields project={project} preset={preset} onClose={onClose} />
      <p className={styles.other}>
        <Button look="link" onClick={() => setPreset(null)}>
          Choose another platform
        </Button>
      </p>
    </Dialog>
  );
}
