/**
 * Runs in the process of a function. Makes the deployment's host names resolve. TCP connections into the deployment get the
 * function's own address as their source; all other connections stay unchanged.
 */
import dns from 'node:dns';
import net from 'node:net';

const { lookup } = dns;
const { connect } = net.Socket.prototype;

/** Patches DNS lookup and connections of this process. */
export function attachToNetwork({ address, hosts }) {
  dns.lookup = (name, options, callback) => {
    const hostAddress = hosts[name];
    if (hostAddress === undefined) return lookup(name, options, callback);
    const done = callback ?? options;
    const wantsAll = typeof options === 'object' && options.all;
    process.nextTick(() => (wantsAll ? done(null, [{ address: hostAddress, family: 4 }]) : done(null, hostAddress, 4)));
  };

  const isInDeployment = (host = 'localhost') => host === 'localhost' || host in hosts || host.startsWith('127.');

  // Drivers, http agents, TLS and fetch all connect through this method.
  net.Socket.prototype.connect = function (...args) {
    // net's own functions pass arguments that they have already normalised.
    const normalised = Array.isArray(args[0]) ? args[0] : net._normalizeArgs(args);
    const [options] = normalised;
    if (!options.path && isInDeployment(options.host)) normalised[0] = { ...options, localAddress: address, family: 4 };
    return connect.call(this, normalised);
  };
}
