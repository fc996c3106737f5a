/** A build step that writes .br, .gz and .zst beside each text file, so that serving costs nothing. */
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from "node:zlib";
import type { Plugin } from "vite";

const COMPRESSIBLE = /\.(?:js|css|html|svg|json|webmanifest)$/;
const SMALLEST_BYTES = 512;

const ENCODINGS: readonly (readonly [string, (data: Buffer) => Buffer])[] = [
  [".br", (data) => brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } })],
  [".gz", (data) => gzipSync(data, { level: 9 })],
  [
    ".zst",
    (data) => zstdCompressSync(data, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }),
  ],
];

export function precompress(): Plugin {
  let folder = "";
  return {
    name: "backline:precompress",
    apply: "build",
    configResolved(config) {
      folder = config.build.outDir;
    },
    async closeBundle() {
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile() || !COMPRESSIBLE.test(entry.name)) continue;
        const path = join(entry.parentPath, entry.name);
        const data = await readFile(path);
        if (data.length < SMALLEST_BYTES) continue;
        for (const [suffix, compress] of ENCODINGS) {
          const packed = compress(data);
          if (packed.length < data.length) await writeFile(path + suffix, packed);
        }
      }
    },
  };
}
