import type { EpochSeconds } from '../units.ts';
import type { Cause, CauseCode, ChangeCode, Evidence, Why } from './cause.ts';

/** How moments are written: in the time zone of the reader. */
export type Clock = (at: EpochSeconds) => string;

/** One sentence for people: the state of the charging and the cause that binds now. */
export function whySentence({ verdict, causes: [first] }: Why, clock: Clock): string {
  const text = causeText(first, clock);
  return verdict === 'full-speed' ? `It charges as fast as it can: ${lowerFirst(text)}` : text;
}

/** One cause as a sentence. */
export function causeText(cause: Cause, clock: Clock): string {
  const text = CAUSE_TEXTS[cause.code](factsOf(cause, clock));
  return cause.pauses ? `${text} A car needs at least 6 A to charge, so it pauses.` : text;
}

/** What would change a cause, as a sentence. */
export function changeText({ change, name = '', evidence }: Cause, clock: Clock): string {
  const until = evidence.find((it) => it.until !== undefined)?.until;
  return CHANGE_TEXTS[change]({ name, until: until === undefined ? undefined : clock(until) });
}

/** One fact, such as `limit 8 A until 10:57`. */
export function evidenceText({ what, value, unit, name, since, until }: Evidence, clock: Clock): string {
  const amount = value === undefined || unit === undefined ? [] : [amountText(value, unit)];
  const moments = [since === undefined ? [] : [`since ${clock(since)}`], until === undefined ? [] : [`until ${clock(until)}`]].flat();
  const whose = what === 'phases' && name ? [`of ${name}`] : [];
  return [what === 'other-evse' ? (name ?? '') : EVIDENCE_TEXTS[what], ...amount, ...whose, ...moments].join(' ');
}

/** A value with its unit: `8 A`, `7.4 kW`, `80 %`. */
function amountText(value: number, unit: NonNullable<Evidence['unit']>): string {
  if (unit === 'W' && Math.abs(value) >= 1000) return `${Number((value / 1000).toFixed(1))} kW`;
  if (unit === 'phases') return value === 1 ? '1 phase' : `${value} phases`;
  return `${Number(value.toFixed(unit === 'W' ? 0 : 1))} ${unit}`;
}

/** The facts that texts name. */
interface Facts {
  name: string;
  /** The first limit or maximum, `a limit` when it has no value. */
  limit: string;
  /** ` until 10:57`, or nothing. */
  until: string;
  power: string;
  allowed: string;
  charge: string;
  phases: string;
  imposed: string;
  building: string;
  nodeLimit: string;
  minimum: string;
  /** ` since 10:33`, or nothing. */
  since: string;
  others: string;
}

function factsOf({ name = '', evidence }: Cause, clock: Clock): Facts {
  const find = (...what: Evidence['what'][]) => evidence.find((it) => what.includes(it.what));
  const amount = (it: Evidence | undefined, otherwise: string) => (it?.value === undefined || !it.unit ? otherwise : amountText(it.value, it.unit));
  const limit = find('limit', 'imposed', 'maximum');
  const since = find('last-message', 'unknown-since')?.since;
  const others = evidence.filter(({ what }) => what === 'other-evse').map((it) => `${it.name} takes ${amount(it, '?')}`);
  return {
    name,
    limit: amount(limit, 'a limit'),
    until: limit?.until === undefined ? '' : ` until ${clock(limit.until)}`,
    power: amount(find('power'), 'nothing'),
    allowed: amount(find('allowed'), 'its limit'),
    charge: amount(find('charge'), ''),
    phases: amount(find('phases'), 'fewer phases'),
    imposed: amount(find('imposed'), 'a limit'),
    building: amount(find('building'), 'a part'),
    nodeLimit: amount(find('node-limit'), 'its limit'),
    minimum: amount(find('minimum'), '6 A'),
    since: since === undefined ? '' : ` since ${clock(since)}`,
    others: others.length === 0 ? '' : ` (${others.join(', ')})`,
  };
}

const lowerFirst = (text: string) => text.replace(/^The /, 'the ');

const CAUSE_TEXTS: Readonly<Record<CauseCode, (it: Facts) => string>> = {
  'not-started': () => 'The session has not started to charge yet.',
  ended: () => 'The session has ended.',
  'station-away': ({ name, since }) =>
    `Station ${name} is not connected${since && `; it was last heard at${since.slice(6)}`}. What the car draws now is not known.`,
  'messages-stale': ({ name, since }) => `The messages of ${name} are out of date${since}. What the car draws now is not known.`,
  'limit-unknown': ({ name, since }) =>
    name === '' ? `It is not known which limit holds${since}.` : `It is not known which limit holds: ${name} has not reported it.`,
  'operator-limit': ({ name, limit, until }) => `${name} has set ${limit}${until}.`,
  'party-profile': ({ name, limit, until }) => `The charging profile of ${name} allows ${limit}${until}.`,
  'price-plan': ({ name, limit, until }) => `The plan of this node allows ${limit}${until}: ${name}.`,
  'site-share': ({ name, limit, nodeLimit, others }) => `The share of ${name} for this EVSE is ${limit}: ${name} may draw ${nodeLimit}${others}.`,
  'site-waits': ({ name, minimum, others }) => `It waits: ${name} has less than the ${minimum} left that a car needs to charge${others}.`,
  'imposed-limit': ({ name, imposed, until }) => `A limit of ${imposed} is imposed on ${name}${until}.`,
  'imposed-fallback': ({ name, imposed }) => `The imposed limit of ${name} was not renewed in time, so its fallback of ${imposed} holds.`,
  'building-load': ({ name, building }) => `The building behind ${name} takes ${building} of its limit.`,
  'building-fallback': ({ name, nodeLimit }) => `The meter of the building behind ${name} is silent, so its fallback of ${nodeLimit} holds.`,
  'evse-maximum': ({ name, limit }) => `The EVSE ${name} gives at most ${limit}.`,
  'station-limit': ({ name, limit, until }) => `Station ${name} limits it to ${limit}${until} by itself; nobody at this node has set that.`,
  'cpo-limit': ({ name, limit, until }) => `${name} limits it to ${limit}${until}; no party of this node has set that.`,
  'csms-profile': ({ limit, until }) => `A charging profile of the CSMS allows ${limit}${until}.`,
  'car-suspends': ({ allowed }) => `The car has stopped charging. It may take ${allowed}.`,
  'car-full': ({ charge }) => `The battery is full${charge && ` (${charge})`}.`,
  'car-nearly-full': ({ power, allowed, charge }) => `The battery is nearly full (${charge}): the car takes ${power} of ${allowed}.`,
  'car-fewer-phases': ({ power, allowed, phases }) => `The car charges on ${phases}: it takes ${power} of ${allowed}.`,
  'car-takes-less': ({ power, allowed }) => `The car takes ${power} of ${allowed}.`,
  'car-does-not-charge': ({ allowed }) => `The car does not charge. It may take ${allowed}.`,
  'station-suspends': ({ name }) => `Station ${name} has stopped the charging by itself.`,
  'above-limit': ({ power, allowed }) => `The car draws ${power}, more than the ${allowed} that it may take.`,
  'station-refuses': ({ name }) => `Station ${name} does not follow the limits of this node.`,
  'takes-no-profiles': ({ name }) => `Station ${name} takes no charging profiles.`,
  'station-silent': ({ name }) => `Station ${name} does not answer.`,
  'profile-uncertain': ({ name, limit }) => `It is not known whether the station took the ${limit} of ${name}.`,
  'power-unknown': () => 'No power is reported, so it is not known what the car takes.',
  'nothing-known': () => 'Nothing is known about its limit or its power.',
};

const CHANGE_TEXTS: Readonly<Record<ChangeCode, (it: { name: string; until: string | undefined }) => string>> = {
  'wait-until': ({ until }) => `The limit ends at ${until}.`,
  'clear-operator-limit': ({ until }) => `Clear the charging profile of the session${until === undefined ? '' : `, or wait until ${until}`}.`,
  'party-changes': ({ name }) => `${name} changes or clears its charging profile.`,
  'plan-changes': ({ until }) => `The plan allows another limit from ${until} on.`,
  'driver-preferences': () => 'The driver asks for FAST, or the plan changes.',
  'others-leave': () => 'Another car below this node leaves or takes less.',
  'raise-node': ({ name }) => `The limit of ${name} rises.`,
  'lift-imposed': ({ name, until }) => `Lift the imposed limit of ${name}${until === undefined ? '' : `, or wait until ${until}`}.`,
  'renew-imposed': ({ name }) => `Impose the limit of ${name} again, or lift it.`,
  'building-takes-less': () => 'The building takes less.',
  'building-meter-back': () => 'The meter of the building sends values again.',
  'another-evse': () => 'Only an EVSE with a higher maximum gives more.',
  'check-station': ({ name }) => `Check station ${name}.`,
  'csms-changes': () => 'The CSMS changes or clears its charging profile.',
  'ask-cpo': ({ name }) => `Get the active charging profile from ${name}.`,
  'car-decides': () => 'Only the car can change this.',
  'station-back': ({ name }) => `Station ${name} answers again.`,
  'read-again': () => 'The node reads it again by itself.',
  'meter-values': () => 'The station sends meter values.',
  nothing: () => 'Nothing needs to be done.',
};

const EVIDENCE_TEXTS: Readonly<Record<Evidence['what'], string>> = {
  limit: 'limit',
  power: 'power',
  allowed: 'allowed',
  maximum: 'maximum',
  charge: 'charge of the battery',
  'node-limit': 'limit of the node',
  imposed: 'imposed',
  building: 'building',
  'other-evse': 'EVSE',
  minimum: 'minimum',
  'last-message': 'last message',
  phases: 'uses',
  'unknown-since': 'unknown',
  'next-try': 'next try',
};
