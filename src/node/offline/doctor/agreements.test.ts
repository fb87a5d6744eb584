import { expect, test } from 'vitest';
import { asPartyKey } from '../../../domain/ids.ts';
import { epochMillis } from '../../../domain/units.ts';
import { parseConfig } from '../../config/config-file.ts';
import { contractOf } from '../../rights/agreements.ts';
import { checkAgreements, type StoredAgreements } from './agreements.ts';

const SCS = asPartyKey('NL*SCS');
const CPO = `public_url: https://cpo.example
parties: [{ role: CPO, country_code: NL, party_id: EVK, name: Evenkeel }]
ocpp: { security_profile: 1 }
charge_points: [{ id: CP1, password: 0123456789abcdef, location_id: LOC1, evses: [{ uid: E1, evse_id: 1, power_type: DC, max_voltage: 800, max_amperage: 200 }] }]
`;
const CONTRACT = 'contracts: [{ party: nl*scs, may: [see, control] }]\n';
const CONSENT = 'consents: [{ token: "*", party: NL*SCS, purpose: smart_charging, text_version: "1", given_at: 2026-01-01T00:00:00Z }]\n';
const nothing: StoredAgreements = { contracts: [], consents: [] };

function examined(text: string, kept: Partial<StoredAgreements> = {}) {
  const config = parseConfig(text);
  if (!config.ok) throw new Error(JSON.stringify(config.problem));
  return checkAgreements(config.value, { ...nothing, ...kept });
}
const checks = (...those: Parameters<typeof examined>) => examined(...those).map(({ check, ok }) => [check, ok]);

test('without contracts there is nothing to say', () => {
  expect(examined(CPO + CONSENT)).toEqual([]);
});

test('SEC-44: a contract of a party that no driver agreed to is named, with what to do', () => {
  expect(examined(CPO + CONTRACT)).toEqual([
    {
      check: 'consents',
      ok: true,
      says: 'NL*SCS has a contract, and no driver agreed to it, so nothing goes there: evenkeel consents add --party NL*SCS, or add it under consents',
    },
  ]);
});

test('SEC-44: consents that were withdrawn are none, also when the file has them', () => {
  expect(checks(CPO + CONTRACT + CONSENT, { consents: [{ party: SCS, hasConsent: false }] })).toEqual([['consents', true]]);
});

test('SEC-44: a contract that a command made counts, one that it ended does not', () => {
  const contract = { ...contractOf({ party: 'NL*SCS', may: ['see'] }), origin: 'command' as const };
  expect(checks(CPO, { contracts: [{ ...contract, endedAt: undefined }] })).toEqual([['consents', true]]);
  expect(checks(CPO, { contracts: [{ ...contract, endedAt: epochMillis(1) }] })).toEqual([]);
});

test('SES-55: a CPO whose drivers may say what they prefer is told that each needs a tariff', () => {
  expect(examined(CPO + CONTRACT + CONSENT)).toEqual([
    {
      check: 'tariffs',
      ok: true,
      says: 'drivers may say CHEAP, FAST, GREEN or REGULAR where NL*SCS steers, and this node tells no tariffs: agree with their eMSPs on one for each that is supported',
    },
  ]);
  expect(examined(CPO + CONTRACT.replace(', control', '') + CONSENT)).toEqual([]);
});

test('SES-55: an SCSP that plans without prices is told that it turns CHEAP away', () => {
  const scsp = `public_url: https://scsp.example
parties: [{ role: SCSP, country_code: NL, party_id: SCS, name: Steering }]
planner: { sites: [{ location_id: LOC1, limit: 32 }]`;
  expect(checks(`${scsp} }`)).toEqual([['prices', true]]);
  expect(checks(`${scsp}, prices: [{ from: 2026-01-01T00:00:00Z, price: 0.3 }] }`)).toEqual([]);
});
