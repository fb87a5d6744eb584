import type { Emsp } from '../../sim/partner.ts';
import type { Config } from '../../src/node/config/config.ts';
import type { Step } from '../../src/node/core/journal.ts';
import type { StoreKind } from '../world.ts';
import { openSteered, type Steered } from './steered.fixture.ts';

/** A contract with the SCSP for all locations, as a configuration has it. */
export const contract = (more: Partial<Config['contracts'][number]> = {}): Config['contracts'][number] => ({
  party: 'NL*SCS',
  may: ['see', 'control'],
  ...more,
});
/** A consent of all drivers for the SCSP, as a configuration has it. */
export const consent = (more: Partial<Config['consents'][number]> = {}): Config['consents'][number] => ({
  token: '*',
  party: 'NL*SCS',
  purpose: 'smart_charging',
  text_version: 'terms-7',
  given_at: '2026-01-01T00:00:00Z',
  ...more,
});

/** A charging car at a CPO node, with its remote eMSP and a remote SCSP that may steer by contract. */
export interface Delegated extends Steered {
  scsp: Emsp;
  /** Resolves with the session as the SCSP received it. */
  sessionAtScsp(): Promise<Record<string, unknown>>;
  securityEvents(kind: string): readonly Extract<Step, { step: 'security' }>[];
}

export async function openDelegated(store: StoreKind, config: Partial<Config> = { contracts: [contract()], consents: [consent()] }): Promise<Delegated> {
  await using stack = new AsyncDisposableStack();
  const steered = stack.use(await openSteered(store, { config }));
  const scsp = await steered.world.emsp({ role: 'SCSP' });
  const resources = stack.move();
  return {
    ...steered,
    scsp,
    sessionAtScsp: () => steered.until(scsp.session((it) => it.status === 'ACTIVE')),
    securityEvents: (kind) => steered.world.steps.filter((it): it is Extract<Step, { step: 'security' }> => it.step === 'security' && it.kind === kind),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
