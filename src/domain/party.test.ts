import { describe, expect, test } from 'vitest';
import { peerId } from './ids.ts';
import { endpointOf, hubOf, keyOf, type PartyRole, type Peer, partiesOf } from './party.ts';

const party = (role: string, party_id: string): PartyRole => ({ role, country_code: 'NL', party_id, business_details: { name: party_id } });
const roles = [party('CPO', 'EVK'), party('EMSP', 'msp'), party('CPO', 'TNM')];

describe('the parties of a platform', () => {
  test('A-04: are named by their folded keys', () => {
    expect(partiesOf(roles)).toEqual(['NL*EVK', 'NL*MSP', 'NL*TNM']);
    expect(keyOf({ country_code: 'nl', party_id: 'evk' })).toBe('NL*EVK');
  });

  test('with one role are those only', () => {
    expect(partiesOf(roles, 'CPO')).toEqual(['NL*EVK', 'NL*TNM']);
    expect(partiesOf(roles, 'SCSP')).toEqual([]);
  });
});

describe('the hub of a platform', () => {
  test('CRE-28: is its party with the role HUB', () => {
    expect(hubOf([...roles, party('HUB', 'HUB')])).toBe('NL*HUB');
  });

  test('is none on a platform that is not a hub', () => {
    expect(hubOf(roles)).toBeUndefined();
  });
});

describe('the URL of a module of a peer', () => {
  const peer: Peer = {
    id: peerId('p'),
    status: 'REGISTERED',
    edition: '2.2.1',
    roles,
    endpoints: [
      { identifier: 'tokens', role: 'SENDER', url: 'https://p.example/sender/tokens' },
      { identifier: 'sessions', role: 'RECEIVER', url: 'https://p.example/receiver/sessions' },
      { identifier: 'sessions', role: 'SENDER', url: 'https://p.example/sender/sessions' },
    ],
    origins: [],
    versionsUrl: undefined,
    tokenStyle: 'base64',
    registeredAt: undefined,
  };

  test('is that of the module in the wanted role', () => {
    expect(endpointOf(peer, 'sessions', 'SENDER')).toBe('https://p.example/sender/sessions');
    expect(endpointOf(peer, 'sessions', 'RECEIVER')).toBe('https://p.example/receiver/sessions');
  });

  test('is none when the peer has the module in the other role only, or not at all', () => {
    expect(endpointOf(peer, 'tokens', 'RECEIVER')).toBeUndefined();
    expect(endpointOf(peer, 'tariffs', 'SENDER')).toBeUndefined();
  });
});
