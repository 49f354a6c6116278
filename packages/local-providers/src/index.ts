export { type LocalProviders, type LocalProvidersOptions, startLocalProviders } from "./server.ts";
