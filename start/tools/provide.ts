import { ask } from '../cli/ask';
import type { Installation, Tool } from './tool';

/** An installed tool. */
export interface FoundTool {
  readonly name: string;
  /** The result of `Tool.find`. */
  readonly description: string;
}

interface MissingTool {
  readonly tool: Tool;
  readonly error: Error;
  readonly installation: Installation | undefined;
}

/**
 * Finds tools and installs missing ones. Prints each missing tool with its size and command. In a terminal, asks before it installs.
 *
 * @param options.yes installs without a question
 * @throws Error with the remedy if a tool needs manual installation, if the person declines, or if a tool is still missing afterwards.
 *   If a tool needs manual installation, nothing is installed, and the error omits the other tools.
 */
export async function provide(tools: readonly Tool[], { yes }: { readonly yes: boolean }): Promise<FoundTool[]> {
  const { found, missing } = await search(tools);
  if (missing.length === 0) return found;
  const manualTools = missing.filter(({ installation }) => installation === undefined);
  if (manualTools.length > 0) throw errorOf(manualTools);
  console.log(overview(missing));
  if (!yes && !(await ask({ text: 'Install now?', byDefault: true })))
    throw new Error('Nothing was installed. Install the missing tools yourself, then run the command again.');
  for (const { installation } of missing) installation?.run();
  const again = await search(tools);
  if (again.missing.length > 0) throw errorOf(again.missing);
  return again.found;
}

async function search(tools: readonly Tool[]): Promise<{ found: FoundTool[]; missing: MissingTool[] }> {
  const found: FoundTool[] = [];
  const missing: MissingTool[] = [];
  for (const tool of tools) {
    try {
      found.push({ name: tool.name, description: await tool.find() });
    } catch (error) {
      missing.push({ tool, error: error as Error, installation: tool.installation?.() });
    }
  }
  return { found, missing };
}

function overview(missing: readonly MissingTool[]): string {
  const width = Math.max(...missing.map(({ tool }) => tool.name.length));
  return [
    'Missing on this machine:',
    ...missing.map(({ tool, installation }) => {
      const { megabytes = 0, command = '' } = installation ?? {};
      return `  ${tool.name.padEnd(width)}  about ${String(megabytes).padStart(3)} MB  ${command}`;
    }),
  ].join('\n');
}

const errorOf = (missing: readonly MissingTool[]): Error =>
  new Error(missing.map(({ error }) => error.message).join('\n\n'));
