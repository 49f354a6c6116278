// @ts-check
/** Run by npm when it has installed the dependencies. */
import { noteInstallation } from "./dependencies.mjs";

noteInstallation();
