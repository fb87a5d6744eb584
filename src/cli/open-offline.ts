import type { AgreementChanges } from '../node/rights/change-agreements.ts';
import { readConfiguration } from './configuration.ts';

/** Opens what parties and drivers agreed to, as a configuration names it; a node may run beside it. */
export async function openAgreements(config: string): Promise<AgreementChanges & AsyncDisposable> {
  const settings = await readConfiguration(config);
  const { openAgreementChanges } = await import('../node/rights/change-agreements.ts');
  return openAgreementChanges(settings);
}
