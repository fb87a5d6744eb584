import type { Config } from '../node/config/config.ts';
import { CliError } from './output.ts';

/** The option of all commands that read a configuration file. */
export const CONFIG_OPTION = ['--config <file>', 'configuration file of the node (YAML)'] as const;

/** Reads a configuration file; each mistake in it is one line of the error, with file, line and key. */
export async function readConfiguration(path: string): Promise<Config> {
  const { readConfigFile } = await import('../node/config/config-file.ts');
  const read = readConfigFile(path);
  if (!read.ok) throw new CliError(read.problem);
  return read.value;
}

/* Parts of a node that a command opens beside a running node. The imports are dynamic, so that other commands do not load them. */

export const openRegistry = async (path: string) => (await import('../node/offline/registry.ts')).openRegistry(await readConfiguration(path));
export const openAgreements = async (path: string) => (await import('../node/rights/change-agreements.ts')).openAgreementChanges(await readConfiguration(path));
export const openUsers = async (path: string) => (await import('../node/operators/open-users.ts')).openUsers(await readConfiguration(path));
export const openAudit = async (path: string) => (await import('../node/operators/open-users.ts')).openAudit(await readConfiguration(path));
export const openKeys = async (path: string) => (await import('../node/operators/keys.ts')).openKeys(await readConfiguration(path));
export const openDrivers = async (path: string) => (await import('../node/offline/drivers.ts')).openDrivers(await readConfiguration(path));
