/** What uploads show of themselves outside their folder: the tray over every page, and the way in. */
import type { Face } from "@/shell/face";
import { Uploading } from "./Uploading";

export { pickFiles } from "./picker";
export { addFiles } from "./queue";

export const uploads = { name: "uploads", over: Uploading } as const satisfies Face;
