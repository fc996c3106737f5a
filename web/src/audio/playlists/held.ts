/** The token of an invitation to a playlist that was opened here: kept while one signs in. */
import { recall, remember } from "@/api/storage";

const KEY = "playlist-invitation";

/** Takes what stands behind the `#` of a link. */
export const holdToken = (hash: string) => remember(KEY, hash === "" ? null : hash);
export const heldToken = () => recall(KEY) ?? "";
