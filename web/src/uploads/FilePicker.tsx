/** The hidden file input that every button for the same kind of file opens. */
import type { Taking } from "@/shell/face";
import { registerInput } from "./picker";
import { addFiles } from "./queue";

export function FilePicker({ taking }: { taking: Taking }) {
  return (
    <input
      ref={(element) => (element ? registerInput(taking, element) : undefined)}
      type="file"
      hidden
      multiple
      accept={taking.accept}
      aria-label={taking.label}
      onChange={(event) => {
        addFiles(event.target.files ?? [], taking);
        event.target.value = "";
      }}
    />
  );
}
