/** The files that become tracks. */
import type { Taking } from "@/shell/face";

export const music: Taking = {
  label: "Music files",
  accept: "audio/*,.flac,.opus,.ogg,.oga,.m4a,.aiff,.aif,.wv,.ape,.mka,.wma",
  done: "Ready to play",
  failed: "It couldn't be read as music.",
};
