import { asPartyKey, fold, type PartyKey } from '../../../domain/ids.ts';
import type { ConsentedParty } from '../../../store/sql/consent.ts';
import type { StoredContract } from '../../../store/sql/contract.ts';
import type { Config } from '../../config/config.ts';
import { contractOf } from '../../rights/agreements.ts';
import { type Finding, passed } from './finding.ts';

/** What the store holds of agreements. */
export interface StoredAgreements {
  contracts: readonly StoredContract[];
  consents: readonly ConsentedParty[];
}

/** Whether contracts come to something, and whether what drivers may wish for has a price (SES-55, SEC-44). */
export function checkAgreements(config: Config, { contracts: kept, consents }: StoredAgreements): readonly Finding[] {
  const known = new Set(kept.map(({ id }) => id));
  const contracts = [...kept.filter((it) => it.endedAt === undefined), ...config.contracts.map(contractOf).filter(({ id }) => !known.has(id))];
  const inStore = new Map(consents.map(({ party, hasConsent }) => [party, hasConsent]));
  const inFile = new Set(config.consents.map(({ party }) => asPartyKey(fold(party))));
  // A file's consent that the store does not have yet counts from the next start on; a withdrawn one does not come back.
  const consented = (party: PartyKey) => inStore.get(party) ?? inFile.has(party);
  const partiesOf = (list: readonly { party: PartyKey }[]) => [...new Set(list.map(({ party }) => party))];
  const idle = partiesOf(contracts).filter((party) => !consented(party));
  const steering = partiesOf(contracts.filter(({ may }) => may.includes('control'))).filter(consented);
  return [...idle.map(withoutConsent), ...withoutTariffs(config, steering), ...withoutPrices(config)];
}

const withoutConsent = (party: PartyKey): Finding =>
  passed(
    'consents',
    `${party} has a contract, and no driver agreed to it, so nothing goes there: evenkeel consents add --party ${party}, or add it under consents`,
  );

/** This node tells no tariffs, so a CPO must agree on them elsewhere (OCPI 2.2.1 §9.3.2). */
function withoutTariffs({ parties, charge_points }: Config, steering: readonly PartyKey[]): readonly Finding[] {
  if (steering.length === 0 || charge_points.length === 0 || !parties.some(({ role }) => role === 'CPO')) return [];
  const says = `drivers may say CHEAP, FAST, GREEN or REGULAR where ${steering.join(', ')} steers, and this node tells no tariffs: agree with their eMSPs on one for each that is supported`;
  return [passed('tariffs', says)];
}

function withoutPrices({ planner, parties }: Config): readonly Finding[] {
  if (!planner || planner.prices || !parties.some(({ role }) => role === 'SCSP')) return [];
  return [passed('prices', 'none are known, so drivers who ask for CHEAP are turned away: add planner.prices')];
}
