import type { Scenario } from '../../evaluate/index.ts';
import { readConfiguration } from '../configuration.ts';
import { CliError } from '../output.ts';
import { ownScenarios } from './read-scenarios.ts';

/** Reads the ended sessions of the database of a configuration as scenarios. */
export async function readHistory({ config, prices, caps }: { config: string | undefined; prices?: string; caps?: readonly number[] }): Promise<readonly Scenario[]> {
  if (config === undefined) throw new CliError('--history needs --config FILE: the node whose database has the sessions', 2);
  const { endedCharges } = await import('../../node/offline/ended-charges.ts');
  const charges = await endedCharges(await readConfiguration(config));
  if (charges.length === 0) throw new CliError(`the database of ${config} has no ended session with energy`, 1);
  return ownScenarios(charges, { prices, caps: caps ?? [50], source: config });
}
