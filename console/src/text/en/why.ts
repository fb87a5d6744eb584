/** What a cause of a charging power names: amounts have their unit; `until` and `since` are times, or empty. */
export interface CauseFacts {
  name: string;
  limit: string;
  until: string;
  since: string;
  power: string;
  allowed: string;
}

const until = (time: string) => (time === '' ? '' : ` until ${time}`);
const since = (time: string) => (time === '' ? '' : ` since ${time}`);

/** Where limits come from, and why a session charges as fast as it does. */
export const why = {
  card: 'Why is this car slow?',
  fast: (because: string) => `It charges as fast as it can: ${because}`,
  others: 'What would hold it back next',
  inForce: 'In force',
  unknownLimit: 'not known',
  computed: 'computed by the node; the station has not reported it yet',
  until: (limit: string, time: string) => `${limit} until ${time}`,
  pauses: 'A car needs at least 6 A to charge, so it pauses.',
  column: 'Limited by',
  origins: { evse: 'EVSE maximum', station: 'the station itself', plan: (name: string) => `plan of ${name}` },
  short: {
    car: 'the car',
    unknown: 'not known',
    away: 'station away',
    idle: 'the station itself',
    evse: 'EVSE maximum',
    waits: (name: string) => `waits: ${name}`,
  },
  causes: {
    'not-started': () => 'The session has not started to charge yet.',
    ended: () => 'The session has ended.',
    'station-away': (it: CauseFacts) => `Station ${it.name} is not connected${since(it.since)}. What the car draws now is not known.`,
    'messages-stale': (it: CauseFacts) => `The messages of ${it.name} are out of date${since(it.since)}.`,
    'limit-unknown': (it: CauseFacts) => `It is not known which limit holds${since(it.since)}.`,
    'operator-limit': (it: CauseFacts) => `${it.name} has set ${it.limit}${until(it.until)}.`,
    'party-profile': (it: CauseFacts) => `The charging profile of ${it.name} allows ${it.limit}${until(it.until)}.`,
    'price-plan': (it: CauseFacts) => `The plan allows ${it.limit}${until(it.until)}: ${it.name}.`,
    'site-share': (it: CauseFacts) => `The share of ${it.name} for this EVSE is ${it.limit}.`,
    'site-waits': (it: CauseFacts) => `It waits: ${it.name} has less left than a car needs to charge.`,
    'imposed-limit': (it: CauseFacts) => `A limit of ${it.limit} is imposed on ${it.name}${until(it.until)}.`,
    'imposed-fallback': (it: CauseFacts) => `The imposed limit of ${it.name} was not renewed in time: its fallback of ${it.limit} holds.`,
    'building-load': (it: CauseFacts) => `The building behind ${it.name} takes a part of its limit.`,
    'building-fallback': (it: CauseFacts) => `The meter of the building behind ${it.name} is silent: its fallback holds.`,
    'evse-maximum': (it: CauseFacts) => `The EVSE ${it.name} gives at most ${it.limit}.`,
    'station-limit': (it: CauseFacts) => `Station ${it.name} limits it to ${it.limit}${until(it.until)} by itself.`,
    'cpo-limit': (it: CauseFacts) => `${it.name} limits it to ${it.limit}${until(it.until)}.`,
    'csms-profile': (it: CauseFacts) => `A charging profile of the CSMS allows ${it.limit}${until(it.until)}.`,
    'car-suspends': (it: CauseFacts) => `The car has stopped charging. It may take ${it.allowed}.`,
    'car-full': () => 'The battery is full.',
    'car-nearly-full': (it: CauseFacts) => `The battery is nearly full: the car takes ${it.power} of ${it.allowed}.`,
    'car-fewer-phases': (it: CauseFacts) => `The car charges on fewer phases: it takes ${it.power} of ${it.allowed}.`,
    'car-takes-less': (it: CauseFacts) => `The car takes ${it.power} of ${it.allowed}.`,
    'car-does-not-charge': (it: CauseFacts) => `The car does not charge. It may take ${it.allowed}.`,
    'station-suspends': (it: CauseFacts) => `Station ${it.name} has stopped the charging by itself.`,
    'above-limit': (it: CauseFacts) => `The car draws ${it.power}, more than the ${it.allowed} that it may take.`,
    'station-refuses': (it: CauseFacts) => `Station ${it.name} does not follow the limits of this node.`,
    'takes-no-profiles': (it: CauseFacts) => `Station ${it.name} takes no charging profiles.`,
    'station-silent': (it: CauseFacts) => `Station ${it.name} does not answer.`,
    'profile-uncertain': (it: CauseFacts) => `It is not known whether the station took the ${it.limit} of ${it.name}.`,
    'power-unknown': () => 'No power is reported, so it is not known what the car takes.',
    'nothing-known': () => 'Nothing is known about its limit or its power.',
  },
};
