/** The files that hang on tasks: any, as they are. */
import type { Taking } from "@/shell/face";

export const attaching: Taking = {
  label: "Files",
  accept: "",
  kind: "attachment",
  asItIs: true,
  done: "Attached",
  failed: "It couldn't be attached.",
};
