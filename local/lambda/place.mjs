/**
 * The network of a container, inside its process: names that only the deployment's DNS knows, and the address that
 * every connection to the deployment comes from. The rest of the network is left as it is.
 */
import dns from 'node:dns';
import net from 'node:net';

const { lookup } = dns;
const { connect } = net.Socket.prototype;

/** Puts this process into its place. */
export function takePlace({ address, hosts }) {
  dns.lookup = (name, options, callback) => {
    const found = hosts[name];
    if (found === undefined) return lookup(name, options, callback);
    const answer = callback ?? options;
    const all = typeof options === 'object' && options.all;
    process.nextTick(() => (all ? answer(null, [{ address: found, family: 4 }]) : answer(null, found, 4)));
  };

  const isOurs = (host = 'localhost') => host === 'localhost' || host in hosts || host.startsWith('127.');

  // Drivers, http agents, TLS and fetch all end here, whichever of net's functions they call.
  net.Socket.prototype.connect = function (...words) {
    // net's own functions hand on what they have put in order already.
    const ordered = Array.isArray(words[0]) ? words[0] : net._normalizeArgs(words);
    const [options] = ordered;
    if (!options.path && isOurs(options.host)) ordered[0] = { ...options, localAddress: address, family: 4 };
    return connect.call(this, ordered);
  };
}
