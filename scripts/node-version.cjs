/**
 * Rejects versions of Node.js that are older than package.json allows. It uses no packages, because it can run before they are
 * installed, and only JavaScript that old versions can read.
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
