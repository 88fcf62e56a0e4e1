/**
 * Gives a container its network, inside its process: the deployment's host names, and the source address of every
 * connection to the deployment. All other connections stay unchanged.
 */
import dns from 'node:dns';
import net from 'node:net';

const { lookup } = dns;
const { connect } = net.Socket.prototype;

/** Patches DNS lookup and connections of this process. */
export function attachToNetwork({ address, hosts }) {
  dns.lookup = (name, options, callback) => {
    const found = hosts[name];
    if (found === undefined) return lookup(name, options, callback);
    const answer = callback ?? options;
    const all = typeof options === 'object' && options.all;
    process.nextTick(() => (all ? answer(null, [{ address: found, family: 4 }]) : answer(null, found, 4)));
  };

  const isOurs = (host = 'localhost') => host === 'localhost' || host in hosts || host.startsWith('127.');

  // Drivers, http agents, TLS and fetch all connect through this method.
  net.Socket.prototype.connect = function (...args) {
    // net's own functions pass arguments that they have already normalised.
    const normalised = Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args);
    const [options] = normalised;
    if (!options.path && isOurs(options.host)) normalised[0] = { ...options, localAddress: address, family: 4 };
    return connect.call(this, normalised);
  };
}
