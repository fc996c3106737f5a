/** How the front end is built: into the Python package, with hashed and precompressed files. */
import babel from "@rolldown/plugin-babel";
import react, { reactCompilerPreset } from "@vitejs/plugin-react";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";
import { precompress } from "./build/precompress.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react(), babel({ presets: [reactCompilerPreset()] }), precompress()],
  // Classes are written in a style sheet's own way, and read as names of the language.
  css: { modules: { localsConvention: "camelCase" } },
  resolve: { alias: { "@": here("src") } },
  build: {
    outDir: process.env.BACKLINE_WEB_OUT ?? here("../src/backline/_web"),
    emptyOutDir: true,
    target: ["chrome111", "firefox115", "safari16.4"],
    // Nothing inlined as data: URLs, which the content security policy refuses for fonts.
    assetsInlineLimit: 0,
    reportCompressedSize: false,
    rolldownOptions: { checks: { bundlerTimings: false } },
  },
  server: {
    proxy: {
      "/api": process.env.BACKLINE_URL ?? "http://127.0.0.1:8000",
      "/media": process.env.BACKLINE_URL ?? "http://127.0.0.1:8000",
    },
  },
});
