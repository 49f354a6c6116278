// @ts-check
import { fileURLToPath } from "node:url";

/** The repository's folder, wherever the command was typed. Ends without a slash. */
export const root = fileURLToPath(new URL("../../", import.meta.url)).replace(/[\\/]$/, "");
