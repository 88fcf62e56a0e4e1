/** Stands in for the package of this name, which gives the same chain under another name. */
export { fromNodeProviderChain as defaultProvider } from './credential-providers';
