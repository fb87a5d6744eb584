// How to add a patience, a way in which this node reads what a partner sent against the standard:
// 1. Add a row to `patience` below: its name, what partners send (`seen`), what the node does (`does`), and the files that do it.
// 2. Write the code in this folder; a field's neutral value belongs into the `x-neutral` of its schema.
// 3. Copy `seen` and `does` into the table of docs/partners.md; kinds.test.ts compares them.

/** A way in which partners deviate from OCPI, and what the node does about it. */
export interface Patience {
  /** What such a partner sends. */
  seen: string;
  /** What the node does with it. */
  does: string;
  /** The source files that do it, from the top of the repository. */
  handledIn: readonly string[];
}

const HERE = 'src/ocpi/patience';
const REPAIR = [`${HERE}/repair.ts`];
const SCALAR = [`${HERE}/read-scalar.ts`];

/** All kinds of patience by name. Those of `alsoStrict` hold for strict partners, too. */
export const patience = {
  'null-field': { seen: 'null instead of an absent field', does: 'the field counts as absent', handledIn: [`${HERE}/known-deviations.ts`] },
  'wrapped-result': {
    seen: 'the result of a request inside the envelope of an answer',
    does: 'the result is taken out of it',
    handledIn: [`${HERE}/known-deviations.ts`],
  },
  'other-word': { seen: 'RESERVED, as one section of OCPI writes it', does: 'it is read as RESERVATION', handledIn: [`${HERE}/known-deviations.ts`] },
  'number-for-text': {
    seen: 'a number where a text belongs, such as a connector id',
    does: 'the number is read as text',
    handledIn: [`${HERE}/known-deviations.ts`, ...SCALAR],
  },
  'text-for-number': { seen: 'a number in quotes', does: 'it is read as a number', handledIn: SCALAR },
  'other-boolean': { seen: '"true", "false", 1 or 0 for true or false', does: 'it is read as true or false', handledIn: SCALAR },
  fraction: { seen: 'a fraction where a whole number belongs', does: 'it is rounded', handledIn: SCALAR },
  'other-spelling': {
    seen: 'the word of an enum in another case, or with other separators',
    does: 'it is read as the word of the standard',
    handledIn: SCALAR,
  },
  'unknown-word': {
    seen: 'a word that the enum does not have',
    does: 'it is read as OTHER or UNKNOWN where the enum has it; a connector type is kept; else the field counts as broken',
    handledIn: SCALAR,
  },
  'odd-date-time': {
    seen: 'a moment with an offset, without seconds or time, or in seconds or milliseconds since 1970',
    does: 'it is converted to UTC',
    handledIn: [`${HERE}/read-date-time.ts`],
  },
  'odd-degrees': { seen: 'a coordinate with a comma or more decimals than allowed', does: 'it is rounded to seven decimals', handledIn: SCALAR },
  'too-long': { seen: 'a text for people that is too long', does: 'it is cut; ids, addresses and codes are never cut', handledIn: SCALAR },
  'odd-characters': { seen: 'line breaks or control characters in a text for people', does: 'they are read as spaces', handledIn: SCALAR },
  'null-in-list': { seen: 'null in a list', does: 'the element is dropped', handledIn: REPAIR },
  'broken-in-list': { seen: 'an element of a list that cannot be understood', does: 'the element is dropped, the others are used', handledIn: REPAIR },
  'single-for-list': { seen: 'one object where a list belongs', does: 'it is read as a list of one', handledIn: REPAIR },
  'odd-name': { seen: 'the name of a field in another case, or with other separators', does: 'it is read as the name of the standard', handledIn: REPAIR },
  'broken-field': {
    seen: 'a field that cannot be understood',
    does: 'an optional field is dropped; a required one gets its neutral value',
    handledIn: REPAIR,
  },
  'missing-field': { seen: 'no value for a required field', does: 'it gets its neutral value', handledIn: REPAIR },
  'content-type': {
    seen: 'JSON under another Content-Type, such as text/plain',
    does: 'the body is read as JSON',
    handledIn: ['src/ocpi/read-message.ts'],
  },
  'byte-order-mark': { seen: 'a byte order mark before the JSON', does: 'it is skipped', handledIn: ['src/ocpi/parse-json.ts'] },
  'no-envelope': {
    seen: 'an answer without the OCPI envelope: HTTP 204, a plain OK, or the data alone',
    does: 'its HTTP status counts; the data is used if it is there',
    handledIn: ['src/ocpi/peer-answer.ts'],
  },
  'unusable-address': {
    seen: 'an endpoint of a module that this node does not use, with an address that cannot be used',
    does: 'the endpoint is skipped, the registration goes on',
    handledIn: ['src/node/peers/discover.ts'],
  },
} as const satisfies Record<string, Patience>;
/** The name of a kind of patience. */
export type PatienceKind = keyof typeof patience;

/** One deviation that was read with patience. */
export interface Deviation {
  kind: PatienceKind;
  /** The path of the field, such as `evses[0].status`; `body` for the whole. */
  field: string;
  /** What stood there, as text that holds no id and no secret. */
  found: string;
}

/** What is refused with 2001, or not used, although it could be guessed; each with its reason. */
export const refusals = {
  'set-charging-profile': 'a limit, unit, start or period that cannot be read exactly would let a car draw what nobody asked for',
  'charging-preferences': 'what a driver wants is not guessed: the driver is told and chooses again',
  'response-url': 'a result goes to the exact address that was asked for, or nowhere',
  'active-charging-profile': 'a period or unit that cannot be read would show a limit that does not hold',
  'profile-result': 'whether a charge point took a profile is not guessed: the request stays open until its timeout',
  'profile-response': 'whether a request was accepted is not guessed: the outcome stays uncertain, and the active profile is requested',
  'credentials-token': 'a token or versions URL that cannot be used leads nowhere',
  'credentials-roles': 'a peer without any usable role speaks for nobody',
  'credentials-hub': 'a hub whose own name is unreadable cannot be told from a party behind it',
  'token-valid': 'whether a card may charge is not guessed',
  'authorization-allowed': 'whether a driver may charge is not guessed',
  'authorization-location': 'a place that cannot be read would allow charging everywhere',
  'authorization-token': 'without its token an authorization belongs to nobody',
  'location-references': 'a place that cannot be read would ask for permission everywhere',
  'cdr-token-party': 'the party of a driver decides who may see a session',
  'object-names': 'an object on a list has no other name than its own country, party and id',
  'url-and-body': 'a name that differs from the one in the URL names another object (TRN-36)',
  'connector-power': 'a connector alone whose power cannot be read says nothing; within an EVSE it is dropped',
  'version-number': 'an edition that cannot be read cannot be spoken',
  'page-query': 'a filter that cannot be read would list other objects than those asked for',
} as const satisfies Record<string, string>;
