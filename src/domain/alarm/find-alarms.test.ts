import { describe, expect, test } from 'vitest';
import { partyKey, peerId, sessionKey, stationId } from '../ids.ts';
import { epochMillis } from '../units.ts';
import { type AlarmFacts, noFacts } from './facts.ts';
import { findAlarms } from './find-alarms.ts';

const NOW = epochMillis(Date.UTC(2026, 0, 31, 9));
const later = (hours: number) => epochMillis(NOW + hours * 3_600_000);
const session = sessionKey('NL', 'EVK', 'S1');
const station = stationId('CP-1');
const peer = peerId('NL*MSP');
const party = partyKey('NL', 'SCS');
const seen = (count: number) => ({ count, first: later(-2), last: later(-1) });
const from = (facts: Partial<AlarmFacts>) => findAlarms({ ...noFacts(NOW), ...facts });

/** What the node knows, and the alarm of it: key, severity, sentence, actions. */
const cases: readonly [name: string, facts: Partial<AlarmFacts>, key: string, severity: string, says: string, actions: string][] = [
  [
    'a car above its limit',
    { sessions: [{ session, station, is: 'above-limit', measured: 11_000, limit: 6_900, unit: 'W' }] },
    'session-above-limit:NL*EVK*S1',
    'warning',
    'The car draws 11 kW, more than its limit of 6.9 kW.',
    'read-again clear-profile see-session see-station',
  ],
  [
    'GW-W05: a CSMS that is away',
    { csmsAway: [{ csms: 'csms.example:443', stations: 12 }] },
    'csms-away:csms.example:443',
    'warning',
    'The CSMS at csms.example:443 is away for 12 charge points.',
    'run-command',
  ],
  [
    'GW-W05: messages of a charge point that are too many',
    { keptFull: [{ station, csms: 'csms.example', kept: 9_000, most: 10_000 }] },
    'kept-messages-full:CP-1',
    'warning',
    'CP-1 has 9000 of 10000 messages that wait for its CSMS: only starts and ends of transactions are taken now.',
    'see-station',
  ],
  [
    'a charge point that reports more than it accepted',
    { sessions: [{ session, station, is: 'deviates', how: 'above', said: '32 A', expected: '10 A' }] },
    'session-deviates:NL*EVK*S1',
    'warning',
    'The charge point reports 32 A, above the 10 A that it accepted.',
    'read-again clear-profile see-session see-station',
  ],
  [
    'a charge point that reports less is no danger',
    { sessions: [{ session, station: undefined, is: 'deviates', how: 'below', said: '6 A', expected: '10 A' }] },
    'session-deviates:NL*EVK*S1',
    'info',
    'The charge point reports 6 A, below the 10 A that it accepted.',
    'read-again clear-profile see-session',
  ],
  [
    'a deviation later in the schedule',
    { sessions: [{ session, station, is: 'deviates', how: 'above', said: '8 A', expected: '8 A' }] },
    'session-deviates:NL*EVK*S1',
    'warning',
    'The charge point plans a limit above the one that it accepted.',
    'read-again clear-profile see-session see-station',
  ],
  [
    'a profile of which nobody knows',
    { unknownLimits: [{ session, by: party }] },
    'limit-unknown:NL*EVK*S1 NL*SCS',
    'warning',
    'It is not known whether the profile of NL*SCS is in force.',
    'read-again clear-profile see-session',
  ],
  [
    'a session on which no limit is known',
    { unknownLimits: [{ session, station }] },
    'limit-unknown:NL*EVK*S1',
    'warning',
    'It is not known which limit holds.',
    'read-again clear-profile see-session',
  ],
  [
    'a site above its limit',
    { sites: [{ site: 'garage', where: 'garage/north on phase R', amount: '3.2 A too much' }] },
    'site-above-limit:garage/north on phase R',
    'critical',
    'garage/north on phase R is above its limit: 3.2 A too much.',
    'see-site',
  ],
  [
    'a meter that is silent',
    { silentMeters: [{ site: 'garage', path: 'garage/north' }] },
    'meter-silent:garage/north',
    'warning',
    'The meter of the building at garage/north is silent: its fallback holds.',
    'see-site',
  ],
  ['a charge point that is away', { stations: [{ station, state: 'away' }] }, 'station-away:CP-1', 'warning', 'CP-1 is not connected.', 'see-station'],
  [
    'a charge point that refuses limits',
    { stations: [{ station, state: 'refuses-limits', refused: { count: 3, answer: 'REJECTED' } }] },
    'station-refuses-limits:CP-1',
    'warning',
    'CP-1 refused the last 3 limits; its last answer: REJECTED.',
    'ask-station see-exchanges see-station',
  ],
  [
    'results that a peer did not get',
    { undelivered: [{ peer, because: 'HTTP 500', ...seen(2) }] },
    'results-undelivered:NL*MSP',
    'warning',
    'NL*MSP did not get 2 results; the last time: HTTP 500.',
    'see-exchanges see-peer',
  ],
  [
    'a peer that cannot be reached',
    { failing: [{ peer, because: 'refused', ...seen(4) }] },
    'peer-failing:NL*MSP',
    'warning',
    'The last 4 requests to NL*MSP failed; the last one: refused.',
    'see-peer',
  ],
  [
    'an attempt without a right, which a halt ends',
    { security: [{ kind: 'no-contract', peer, party, says: 'NL*SCS has no contract', ...seen(5) }] },
    'security:no-contract NL*MSP NL*SCS',
    'warning',
    'NL*SCS has no contract.',
    'see-peer halt-party see-audit',
  ],
  [
    'one token that waits, which a button approves',
    { tokens: [{ party, count: 1, claim: 7 }] },
    'token-held:NL*SCS',
    'info',
    'NL*SCS claims a token that another party sent first: it is held until you approve.',
    'approve-token',
  ],
  [
    'several tokens that wait',
    { tokens: [{ party, count: 3, claim: 7 }] },
    'token-held:NL*SCS',
    'info',
    'NL*SCS claims 3 tokens that another party sent first: they are held until you approve.',
    'run-command',
  ],
  [
    'a role that waits',
    { roles: [{ peer, role: 'EMSP', party, at: later(-5) }] },
    'role-held:NL*MSP EMSP NL*SCS',
    'info',
    'NL*MSP claims the role EMSP of NL*SCS: it is held until you approve.',
    'approve-party see-peer',
  ],
  [
    'a right that ends in days',
    { contracts: [{ contract: 'C1', party, until: later(100) }] },
    'right-expires:C1',
    'info',
    'A contract of NL*SCS ends in 4 days: its profiles are withdrawn then.',
    'see-agreements',
  ],
  [
    'a right that ends within a day',
    { contracts: [{ contract: 'C1', party, until: later(5) }] },
    'right-expires:C1',
    'warning',
    'A contract of NL*SCS ends in 5 h: its profiles are withdrawn then.',
    'see-agreements',
  ],
  [
    'an error of background work',
    { errors: [{ what: 'token pulls', says: 'disk full', ...seen(2) }] },
    'background-error:token pulls',
    'warning',
    'token pulls: disk full',
    '',
  ],
  [
    'a node that is not ready',
    { problems: [{ check: 'store', says: 'the store does not answer' }] },
    'node-not-ready:store',
    'critical',
    'The node is not ready: the store does not answer.',
    '',
  ],
];

describe('the alarms of what a node knows', () => {
  test.each(cases)('CON-B01: %s', (_name, facts, ...[key, severity, says, actions]) => {
    const found = from(facts);
    expect(found.map((it) => [it.key, it.severity, it.says, it.mend.map(({ action }) => action).join(' ')])).toEqual([[key, severity, says, actions]]);
  });

  test('CON-B01: nothing needs a person when there is nothing', () => {
    expect(from({})).toEqual([]);
  });

  test('CON-B01: a site above its limit is an alarm after 15 s only: cars that got a lower limit settle, and stations answer', () => {
    const [found] = from({ sites: [{ site: 'garage', where: 'garage/north on phase R', amount: '3.2 A too much' }] });
    expect(found).toMatchObject({ afterMs: 15_000, weight: 3.2 });
  });

  test('CON-B01: sessions of a charge point that is away, and results for a peer that fails, name their cause', () => {
    const found = from({
      sessions: [{ session, station, is: 'above-limit', measured: 20, limit: 10, unit: 'A' }],
      stations: [{ station, state: 'away' }],
      undelivered: [{ peer, because: 'refused', ...seen(1) }],
      failing: [{ peer, because: 'refused', ...seen(3) }],
    });
    expect(found.map(({ kind, causedBy }) => [kind, causedBy])).toEqual([
      ['session-above-limit', 'station-away:CP-1'],
      ['station-away', undefined],
      ['results-undelivered', 'peer-failing:NL*MSP'],
      ['peer-failing', undefined],
    ]);
  });

  test('CON-B01: requests that mend have percent-encoded paths, and commands quote what a shell would change', () => {
    const [fault] = from({ unknownLimits: [{ session: sessionKey('NL', 'EVK', "a/b c'd"), by: party }] });
    const [mend] = fault?.mend ?? [];
    expect(mend?.request?.path).toMatch(/^sessions\/NL\*EVK\*A%2FB%20C'D\/active-charging-profile$/i);
    expect(mend?.command).toMatch(/^evenkeel get 'NL\*EVK\*A\/B C'\\''D'$/i);
  });
});
