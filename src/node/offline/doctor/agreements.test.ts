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
const emptyStore: StoredAgreements = { contracts: [], consents: [] };

function findingsOf(text: string, stored: Partial<StoredAgreements> = {}) {
  const config = parseConfig(text);
  if (!config.ok) throw new Error(JSON.stringify(config.problem));
  return checkAgreements(config.value, { ...emptyStore, ...stored });
}
const checks = (...args: Parameters<typeof findingsOf>) => findingsOf(...args).map(({ check, ok }) => [check, ok]);

test('without contracts there are no findings', () => {
  expect(findingsOf(CPO + CONSENT)).toEqual([]);
});

test('SEC-44: a contract without a consent gives a finding that says what to do', () => {
  expect(findingsOf(CPO + CONTRACT)).toEqual([
    {
      check: 'consents',
      ok: true,
      advice: true,
      message:
        'NL*SCS has a contract, but no driver has consented, so this node sends it nothing: add an entry under consents, or run evenkeel consents add --party NL*SCS',
    },
  ]);
});

test('SEC-44: a withdrawn consent does not count, even when the configuration file still has it', () => {
  expect(checks(CPO + CONTRACT + CONSENT, { consents: [{ party: SCS, hasConsent: false }] })).toEqual([['consents', true]]);
});

test('SEC-44: a contract made by a command counts; one that was ended does not', () => {
  const contract = { ...contractOf({ party: 'NL*SCS', may: ['see'] }), origin: 'command' as const };
  expect(checks(CPO, { contracts: [{ ...contract, endedAt: undefined }] })).toEqual([['consents', true]]);
  expect(checks(CPO, { contracts: [{ ...contract, endedAt: epochMillis(1) }] })).toEqual([]);
});

test('SES-55: a CPO whose drivers may state preferences is advised that each preference needs a tariff', () => {
  expect(findingsOf(CPO + CONTRACT + CONSENT)).toEqual([
    {
      check: 'tariffs',
      ok: true,
      advice: true,
      message:
        'drivers may choose CHEAP, FAST, GREEN or REGULAR where NL*SCS steers, but this node sends no tariffs: agree with their eMSPs on a tariff for each preference that you support',
    },
  ]);
  expect(findingsOf(CPO + CONTRACT.replace(', control', '') + CONSENT)).toEqual([]);
});

test('SES-55: an SCSP that plans without prices is advised that it refuses CHEAP', () => {
  const scsp = `public_url: https://scsp.example
parties: [{ role: SCSP, country_code: NL, party_id: SCS, name: Steering }]
planner: { sites: [{ location_id: LOC1, limit: 32 }]`;
  expect(checks(`${scsp} }`)).toEqual([['prices', true]]);
  expect(checks(`${scsp}, prices: [{ from: 2026-01-01T00:00:00Z, price: 0.3 }] }`)).toEqual([]);
});
