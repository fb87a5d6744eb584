import { printMomentMillis } from '../moment.ts';
import { printQuantity } from '../print-quantity.ts';
import type { FoundAlarm, Mend } from './alarm.ts';
import { csmsAway, keptMessagesFull } from './csms-alarms.ts';
import { draft, keyOf, path, see, word } from './draft-alarm.ts';
import type { AlarmFacts, SessionFault } from './facts.ts';

const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Shorter absences are ordinary: a charge point that restarts, a short loss of the network. */
const AWAY_AFTER_MS = MINUTE_MS;
/** The outcome of a request whose answer was lost is found within this time, as a rule. */
const UNKNOWN_AFTER_MS = 2 * MINUTE_MS;
/** A machine that was asleep, or a store that restarts, is ready again within this time. */
const NOT_READY_AFTER_MS = 10 * SECOND_MS;
/** A car that gets a lower limit may draw the old current for 5 s (IEC 61851-1); a charge point answers, and is looked at again, within the rest. */
const SITE_ABOVE_AFTER_MS = 15 * SECOND_MS;
/** A peer that restarts is back within this time; what failed is sent again each minute. */
const FAILING_AFTER_MS = MINUTE_MS;
/** A meter has this time to send after a start, and between two readings. */
const METER_AFTER_MS = 30 * SECOND_MS;
/** A right that ends within a day is urgent. */
const URGENT_MS = DAY_MS;

/** All alarms that the facts of this moment give. */
export function findAlarms(facts: AlarmFacts): readonly FoundAlarm[] {
  const found = [
    ...facts.problems.map(notReady),
    ...facts.sites.map(siteAbove),
    ...facts.sessions.map(sessionFault),
    ...facts.unknownLimits.map(limitUnknown),
    ...facts.stations.map(stationFault),
    ...facts.csmsAway.map(csmsAway),
    ...facts.keptFull.map(keptMessagesFull),
    ...facts.silentMeters.map(meterSilent),
    ...facts.undelivered.map(undelivered),
    ...facts.failing.map(peerFailing),
    ...facts.security.map(security),
    ...facts.tokens.map(tokenHeld),
    ...facts.roles.map(roleHeld),
    ...facts.contracts.map((it) => rightExpires(it, facts.now)),
    ...facts.errors.map(backgroundError),
  ];
  return withCauses(found);
}

/** What follows from another alarm: sessions of a charge point that is away or refuses limits, results that an unreachable peer does not get, what a CSMS that is away leaves behind. */
function withCauses(found: readonly FoundAlarm[]): readonly FoundAlarm[] {
  const keys = new Set(found.map(({ key }) => key));
  return found.map((alarm) => {
    const { kind, subjects, values } = alarm;
    const { station = '', peer = '' } = subjects;
    const causes = kind.startsWith('session-') || kind === 'limit-unknown' ? [keyOf('station-away', station), keyOf('station-refuses-limits', station)] : [];
    if (kind === 'results-undelivered') causes.push(keyOf('peer-failing', peer));
    if (kind === 'kept-messages-full' || kind === 'station-away') causes.push(keyOf('csms-away', String(values.csms)));
    const causedBy = causes.find((key) => keys.has(key));
    return causedBy === undefined ? alarm : { ...alarm, causedBy };
  });
}

const notReady = ({ check, says }: AlarmFacts['problems'][number]) =>
  draft({
    kind: 'node-not-ready',
    about: check,
    severity: 'critical',
    says: `The node is not ready: ${says}.`,
    values: { check },
    afterMs: NOT_READY_AFTER_MS,
    mend: [],
  });

const siteAbove = ({ site, where, amount }: AlarmFacts['sites'][number]) =>
  draft({
    kind: 'site-above-limit',
    about: where,
    severity: 'critical',
    says: `${where} is above its limit${amount === undefined ? '' : `: ${amount}`}.`,
    subjects: { site },
    values: { where, ...(amount !== undefined && { amount }) },
    weight: amountIn(amount),
    afterMs: SITE_ABOVE_AFTER_MS,
    mend: [see('see-site', 'evenkeel sites')],
  });
/** The number in `3.2 A too much`; 1 when there is none. */
const amountIn = (amount: string | undefined) => Number(/\d+(\.\d+)?/.exec(amount ?? '')?.[0] ?? 1);

function sessionFault(fault: SessionFault): FoundAlarm {
  const { session, station } = fault;
  const subjects = { session, ...(station !== undefined && { station }) };
  const mend: Mend[] = [readAgain(session), clear(session), see('see-session'), ...(station === undefined ? [] : [see('see-station')])];
  if (fault.is === 'above-limit') {
    const { measured, limit, unit } = fault;
    return draft({
      kind: 'session-above-limit',
      about: session,
      severity: 'warning',
      says: `The car draws ${printQuantity(measured, unit)}, more than its limit of ${printQuantity(limit, unit)}.`,
      subjects,
      values: { measured, limit, unit },
      weight: measured - limit,
      mend,
    });
  }
  const { how, said, expected } = fault;
  return draft({
    kind: 'session-deviates',
    about: session,
    severity: how === 'above' ? 'warning' : 'info',
    says:
      said === expected
        ? `The charge point plans a limit ${how} the one that it accepted.`
        : `The charge point reports ${said}, ${how} the ${expected} that it accepted.`,
    subjects,
    values: { how, said, expected },
    mend,
  });
}

const readAgain = (session: string): Mend => ({
  action: 'read-again',
  request: { method: 'GET', path: `${path('sessions', session)}/active-charging-profile` },
  command: `evenkeel get ${word(session)}`,
});
const clear = (session: string): Mend => ({
  action: 'clear-profile',
  request: { method: 'DELETE', path: `${path('sessions', session)}/charging-profile` },
  command: `evenkeel clear ${word(session)}`,
});

const limitUnknown = ({ session, by, station }: AlarmFacts['unknownLimits'][number]) =>
  draft({
    kind: 'limit-unknown',
    about: by === undefined ? session : `${session} ${by}`,
    severity: 'warning',
    says: by === undefined ? 'It is not known which limit holds.' : `It is not known whether the profile of ${by} is in force.`,
    subjects: { session, ...(by !== undefined && { party: by }), ...(station !== undefined && { station }) },
    afterMs: UNKNOWN_AFTER_MS,
    mend: [readAgain(session), clear(session), see('see-session')],
  });

function stationFault({ station, state, refused, csmsAway: csms }: AlarmFacts['stations'][number]): FoundAlarm {
  const common = { about: station, severity: 'warning', subjects: { station } } as const;
  if (state === 'away' || !refused)
    return draft({
      ...common,
      kind: 'station-away',
      says: `${station} is not connected.`,
      ...(csms !== undefined && { values: { csms } }),
      afterMs: AWAY_AFTER_MS,
      mend: [see('see-station', 'evenkeel stations')],
    });
  const { count, answer } = refused;
  return {
    ...draft({
      ...common,
      kind: 'station-refuses-limits',
      says: `${station} refused the last ${count} limits; its last answer: ${answer}.`,
      values: { refused: count, answer },
      weight: count,
      mend: [
        { action: 'ask-station', request: { method: 'POST', path: `${path('stations', station)}/abilities` } },
        see('see-exchanges', `evenkeel exchanges --station ${word(station)}`),
        see('see-station'),
      ],
    }),
    count,
  };
}

const meterSilent = ({ site, path: node }: AlarmFacts['silentMeters'][number]) =>
  draft({
    kind: 'meter-silent',
    about: node,
    severity: 'warning',
    says: `The meter of the building at ${node} is silent: its fallback holds.`,
    subjects: { site },
    values: { node },
    afterMs: METER_AFTER_MS,
    mend: [see('see-site', 'evenkeel sites')],
  });

const undelivered = ({ peer, because, ...seen }: AlarmFacts['undelivered'][number]) =>
  draft({
    kind: 'results-undelivered',
    about: peer,
    severity: 'warning',
    says: `${peer} did not get ${seen.count === 1 ? 'a result' : `${seen.count} results`}; the last time: ${because}.`,
    subjects: { peer },
    values: { results: seen.count, because },
    weight: seen.count,
    seen,
    mend: [see('see-exchanges', 'evenkeel exchanges'), see('see-peer')],
  });

const peerFailing = ({ peer, because, ...seen }: AlarmFacts['failing'][number]) =>
  draft({
    kind: 'peer-failing',
    about: peer,
    severity: 'warning',
    says: `The last ${seen.count} requests to ${peer} failed; the last one: ${because}.`,
    subjects: { peer },
    values: { requests: seen.count, because },
    weight: seen.count,
    seen,
    afterMs: FAILING_AFTER_MS,
    mend: [see('see-peer', 'evenkeel peers')],
  });

function security({ kind, peer, party, says, ...seen }: AlarmFacts['security'][number]): FoundAlarm {
  const halt: Mend[] = party === undefined ? [] : [{ action: 'halt-party', request: { method: 'POST', path: `${path('parties', party)}/halt` } }];
  return draft({
    kind: 'security',
    about: [kind, peer, party].filter((it) => it !== undefined).join(' '),
    severity: 'warning',
    says: /[.!?]$/.test(says) ? says : `${says}.`,
    subjects: { ...(peer !== undefined && { peer }), ...(party !== undefined && { party }) },
    values: { event: kind },
    weight: seen.count,
    seen,
    mend: [...(peer === undefined ? [] : [see('see-peer')]), ...halt, see('see-audit')],
  });
}

const tokenHeld = ({ party, count, claim }: AlarmFacts['tokens'][number]) =>
  draft({
    kind: 'token-held',
    about: party,
    severity: 'info',
    says: `${party} claims ${count === 1 ? 'a token' : `${count} tokens`} that another party sent first: ${count === 1 ? 'it is' : 'they are'} held until you approve.`,
    subjects: { party },
    values: { tokens: count },
    weight: count,
    mend:
      count === 1 && claim !== undefined
        ? [{ action: 'approve-token', request: { method: 'POST', path: `tokens/claims/${claim}/approve` }, command: `evenkeel tokens approve ${claim}` }]
        : [see('run-command', 'evenkeel tokens claims')],
  });

const roleHeld = ({ peer, role, party, at }: AlarmFacts['roles'][number]) =>
  draft({
    kind: 'role-held',
    about: `${peer} ${role} ${party}`,
    severity: 'info',
    says: `${peer} claims the role ${role} of ${party}: it is held until you approve.`,
    subjects: { peer, party },
    values: { role },
    seen: { count: 1, first: at, last: at },
    mend: [
      {
        action: 'approve-party',
        request: { method: 'POST', path: `${path('peers', peer, 'claims', party)}/approve` },
        command: `evenkeel approve --peer ${word(peer)} --party ${word(party)}`,
      },
      see('see-peer'),
    ],
  });

function rightExpires({ contract, party, until }: AlarmFacts['contracts'][number], now: number): FoundAlarm {
  const left = until - now;
  const rest = left < 2 * DAY_MS ? `${Math.max(1, Math.ceil(left / HOUR_MS))} h` : `${Math.floor(left / DAY_MS)} days`;
  return draft({
    kind: 'right-expires',
    about: contract,
    severity: left <= URGENT_MS ? 'warning' : 'info',
    says: `A contract of ${party} ends in ${rest}: its profiles are withdrawn then.`,
    subjects: { contract, party },
    values: { until: printMomentMillis(until) },
    mend: [see('see-agreements', 'evenkeel contracts')],
  });
}

const backgroundError = ({ what, says, ...seen }: AlarmFacts['errors'][number]) =>
  draft({
    kind: 'background-error',
    about: what,
    severity: 'warning',
    says: `${what}: ${says}`,
    values: { what, says },
    weight: seen.count,
    seen,
    mend: [],
  });
