import { DAY, type Scenario } from '../../evaluate/index.ts';
import { readConfiguration } from '../configuration.ts';
import { CliError } from '../output.ts';
import { ownScenarios } from './read-scenarios.ts';

/** The last days that are charged again; what is before them is learnt from. */
const DAYS = 31;

/** Reads the ended sessions of the database of a configuration: the last month, with what was before it to learn from. */
export async function readHistory({
  config,
  prices,
  caps,
}: {
  config: string | undefined;
  prices?: string;
  caps?: readonly number[];
}): Promise<readonly Scenario[]> {
  if (config === undefined) throw new CliError('--history needs --config FILE: the node whose database has the sessions', 2);
  const { endedCharges } = await import('../../node/offline/ended-charges.ts');
  const charges = await endedCharges(await readConfiguration(config));
  if (charges.length === 0) throw new CliError(`the database of ${config} has no ended session with energy`);
  const begin = Math.max(...charges.map(({ departure }) => departure)) - DAYS * DAY;
  const scenarios = await ownScenarios(
    charges.filter(({ arrival }) => arrival >= begin),
    { prices, caps: caps ?? [50], source: config },
  );
  return scenarios.map((scenario) => ({ ...scenario, earlier: charges.filter(({ arrival }) => arrival < begin) }));
}
