/**
 * Rejects versions of Node.js that are older than package.json allows. It can run before packages are installed, so it
 * uses none. It uses only syntax that the rejected versions can parse.
 */
'use strict';

var range = require('../package.json').engines.node;
var oldest = /(\d+)\.(\d+)/.exec(range).slice(1).map(Number);
var current = process.versions.node.split('.').map(Number);

if (current[0] < oldest[0] || (current[0] === oldest[0] && current[1] < oldest[1])) {
  console.error(
    'Node.js ' +
      process.versions.node +
      ' is too old, ' +
      range +
      ' is needed. Install a newer version from https://nodejs.org.',
  );
  process.exit(1);
}
