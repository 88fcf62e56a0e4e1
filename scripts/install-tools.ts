/**
 * `npm run tools`: installs missing programs that the tests and `npm start` need in addition to npm packages. If Terraform is missing,
 * the command only prints how to install it.
 */
import { parseArgs } from 'node:util';
import { findAwsCli } from '../start/tools/aws-cli';
import { byPip, bySystem } from '../start/tools/commands';
import { provide, type FoundTool } from '../start/tools/provide';
import type { Tool } from '../start/tools/tool';
import { TOOLS_OF_START } from '../start/tools/tools';
import { findChromium } from './chromium-program';
import { MYSQL_CLIENT } from './mysql-client';

const CHROMIUM = { apt: [['chromium'], ['chromium-browser']], dnf: ['chromium'], brew: ['--cask', 'chromium'] };
const MEGABYTES = { chromium: 400, awsCli: 50 };

const tools: readonly Tool[] = [
  ...TOOLS_OF_START,
  { name: 'Chromium', find: findChromium, installation: () => bySystem(CHROMIUM, MEGABYTES.chromium) },
  { name: 'AWS CLI', find: findAwsCli, installation: () => byPip('awscli==1.*', MEGABYTES.awsCli) },
];

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { yes: { type: 'boolean', short: 'y', default: false } } });
  show(await provide(tools, values));
  // A failure here is only printed, because the tests that need MySQL's client are skipped without it.
  await provide([MYSQL_CLIENT], values).then(show, (error: unknown) => console.log((error as Error).message));
}

function show(tools: readonly FoundTool[]): void {
  for (const { name, description } of tools) console.log(`${name}: ${description}`);
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
