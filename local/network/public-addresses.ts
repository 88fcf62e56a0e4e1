import type { Applied } from '../applied';
import { publicAddressOf } from './internet';

/** Returns {@link publicAddressOf} with a cache, for servers with few callers. */
export function publicAddresses(applied: Applied): (loopback: string) => string {
  const known = new Map<string, string>();
  return (loopback) => {
    const address = known.get(loopback) ?? publicAddressOf(applied, loopback);
    known.set(loopback, address);
    return address;
  };
}
