import { asPartyKey, fold, type PartyKey } from '../../../domain/ids.ts';
import type { ConsentedParty } from '../../../store/sql/consent.ts';
import type { StoredContract } from '../../../store/sql/contract.ts';
import type { Config } from '../../config/config.ts';
import { contractOf } from '../../rights/agreements.ts';
import { advised, type Finding } from './finding.ts';

/** The contracts in the database, and for each party with consents whether one is in force. */
export interface StoredAgreements {
  contracts: readonly StoredContract[];
  consents: readonly ConsentedParty[];
}

/** Advice: contracts without a consent (SEC-44), and charging preferences without a tariff or a price (SES-55). */
export function checkAgreements(config: Config, stored: StoredAgreements): readonly Finding[] {
  const storedIds = new Set(stored.contracts.map(({ id }) => id));
  const contracts = [...stored.contracts.filter((it) => it.endedAt === undefined), ...config.contracts.map(contractOf).filter(({ id }) => !storedIds.has(id))];
  const storedConsents = new Map(stored.consents.map(({ party, hasConsent }) => [party, hasConsent]));
  const configuredConsents = new Set(config.consents.map(({ party }) => asPartyKey(fold(party))));
  // The next start stores a new consent of the configuration. It does not restore one that was withdrawn.
  const hasConsent = (party: PartyKey) => storedConsents.get(party) ?? configuredConsents.has(party);
  const partiesOf = (list: readonly { party: PartyKey }[]) => [...new Set(list.map(({ party }) => party))];
  const unconsented = partiesOf(contracts).filter((party) => !hasConsent(party));
  const controlling = partiesOf(contracts.filter(({ may }) => may.includes('control'))).filter(hasConsent);
  return [...unconsented.map(adviseConsent), ...adviseTariffs(config, controlling), ...advisePrices(config)];
}

const adviseConsent = (party: PartyKey): Finding =>
  advised(
    'consents',
    `${party} has a contract, but no driver has consented, so this node sends it nothing: add an entry under consents, or run evenkeel consents add --party ${party}`,
  );

/** This node sends no tariffs, so a CPO must agree on them with the eMSPs in another way (OCPI 2.2.1 §9.3.2). */
function adviseTariffs({ parties, charge_points }: Config, controlling: readonly PartyKey[]): readonly Finding[] {
  if (controlling.length === 0 || charge_points.length === 0 || !parties.some(({ role }) => role === 'CPO')) return [];
  const names = controlling.join(', ');
  const advice = 'agree with their eMSPs on a tariff for each preference that you support';
  return [advised('tariffs', `drivers may choose CHEAP, FAST, GREEN or REGULAR where ${names} steers, but this node sends no tariffs: ${advice}`)];
}

function advisePrices({ planner, parties }: Config): readonly Finding[] {
  if (!planner || planner.prices || !parties.some(({ role }) => role === 'SCSP')) return [];
  return [advised('prices', 'none are configured, so drivers who choose CHEAP are refused: add planner.prices')];
}
