import type { Config } from '../node/config/config.ts';
import { CliError } from './output.ts';

/** The option that names the configuration, and what `--help` says of it. */
export const CONFIG_OPTION = ['--config <file>', 'configuration of the node, in YAML'] as const;

/** Reads a configuration; each mistake in it is a line with its place, and ends the command. */
export async function readConfiguration(path: string): Promise<Config> {
  const { readConfigFile } = await import('../node/config/config-file.ts');
  const read = readConfigFile(path);
  if (!read.ok) throw new CliError(read.problem);
  return read.value;
}
