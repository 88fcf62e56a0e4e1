/** Replaces the package of this name, which exports the same chain under another name. */
export { fromNodeProviderChain as defaultProvider } from './credential-providers';
