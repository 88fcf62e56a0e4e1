/**
 * Rejects versions of Node.js that package.json does not support. Every entry point loads it first, so it uses JavaScript that
 * old versions can read, and no packages.
 */
'use strict';

var wanted = require('../package.json').engines.node;
var least = /(\d+)\.(\d+)/.exec(wanted).slice(1).map(Number);
var here = process.versions.node.split('.').map(Number);

if (here[0] < least[0] || (here[0] === least[0] && here[1] < least[1])) {
  console.error(
    'Node.js ' + wanted + ' is needed, this is ' + process.versions.node + '. Install it from https://nodejs.org.',
  );
  process.exit(1);
}
