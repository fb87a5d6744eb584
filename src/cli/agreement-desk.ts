import type { AgreementDesk } from '../node/rights/change-agreements.ts';
import { readConfiguration } from './configuration.ts';

/** Opens what parties and drivers agreed to, as a configuration names it; a node may run beside it. */
export async function openDesk(config: string): Promise<AgreementDesk & AsyncDisposable> {
  const settings = await readConfiguration(config);
  const { openAgreementDesk } = await import('../node/rights/change-agreements.ts');
  return openAgreementDesk(settings);
}
