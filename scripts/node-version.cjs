/**
 * Rejects versions of Node.js that are too old for package.json. `npm start`, `npm test` and main.ts load it first, so it uses
 * JavaScript that old versions can read, and no packages.
 */
'use strict';

var range = require('../package.json').engines.node;
var oldest = /(\d+)\.(\d+)/.exec(range).slice(1).map(Number);
var current = process.versions.node.split('.').map(Number);

if (current[0] < oldest[0] || (current[0] === oldest[0] && current[1] < oldest[1])) {
  console.error(
    'Node.js ' + range + ' is needed, this is ' + process.versions.node + '. Install it from https://nodejs.org.',
  );
  process.exit(1);
}
