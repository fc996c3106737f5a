/** The files that become concerts: tables, of which nothing is added before one has looked at them. */
import type { Taking } from "@/shell/face";

const NAMES = /\.(csv|tsv)$/i;

export const tables: Taking = {
  label: "Tables of concerts",
  accept: "text/csv,.csv,.tsv,.txt",
  kind: "concert-table",
  fits: (file) => NAMES.test(file.name),
  done: "Read: look at it under Concerts, Import",
  failed: "It couldn’t be read as a table of concerts.",
};
