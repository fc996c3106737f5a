/** The one hidden file input that every upload button opens. */
import { addFiles } from "./queue";
import { registerInput } from "./picker";

export function FilePicker() {
  return (
    <input
      ref={registerInput}
      type="file"
      hidden
      multiple
      accept="audio/*,.flac,.opus,.ogg,.oga,.m4a,.aiff,.aif,.wv,.ape,.mka,.wma"
      aria-label="Music files"
      onChange={(event) => {
        addFiles(event.target.files ?? []);
        event.target.value = "";
      }}
    />
  );
}
