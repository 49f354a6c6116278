import tailwind from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  root: import.meta.dirname,
  // Pages are told apart behind the `#`, so that any host and any folder will do.
  base: "./",
  plugins: [react(), tailwind()],
  build: { outDir: "out", target: "es2024", chunkSizeWarningLimit: 600 },
});
