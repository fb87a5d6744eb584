/** A way in which a message of a charge point violates its standard, and what the node does so that the message keeps its purpose. */
export interface Patience {
  /** What such a station sends. */
  seen: string;
  /** What the node does about it. */
  does: string;
}

/** All kinds of patience by name. Each has a row in docs/charge-points.md; the names are the values of `kind` at `/api/v1` and in `/metrics`. */
export const patiences = {
  'long-text': { seen: 'text longer than the standard allows', does: 'the text is cut; tokens and ids of transactions are kept whole, up to 255 characters' },
  'number-as-text': { seen: 'a number, true or false written as text, or 1 and 0 for true and false', does: 'it is read as what the standard wants' },
  'text-as-number': { seen: 'a number, true or false where the standard wants text', does: 'it is read as text' },
  fraction: { seen: 'a fraction where the standard wants an integer', does: 'it is rounded; the registers at start and stop keep their fraction' },
  'out-of-range': { seen: 'a number below or above what the standard allows', does: 'the field is left out' },
  'word-in-other-case': { seen: 'a known word or action with other capitals, spaces, hyphens or underscores', does: 'it is read as that word' },
  'other-word': {
    seen: 'a word of another version of OCPP, or a usual other name, such as Amps',
    does: 'it is read as the word of the standard that means the same',
  },
  'unknown-word': {
    seen: 'a word that the standard does not have',
    does: 'it is read as the neutral word of the standard (OtherError, Other); a status becomes UNKNOWN in OCPI; another field is left out; a measured value with an unknown measurand, unit, phase or location is left out',
  },
  'null-field': { seen: 'null, or empty text where a word, number or time belongs', does: 'the field counts as absent' },
  'missing-field': {
    seen: 'a required field is missing',
    does: 'a neutral value is used, or the node does without; a missing EVSE is the only one of the station',
  },
  'wrong-type': { seen: 'a value of a type from which nothing can be read', does: 'the field counts as absent' },
  'unknown-field': { seen: 'a field that the standard does not have', does: 'it is ignored' },
  'field-in-other-case': { seen: 'the name of a field with other capitals, hyphens or underscores', does: 'it is read as that field' },
  'broken-element': {
    seen: 'an element of a list that cannot be understood',
    does: 'it is left out and the others count; a schedule with such a period counts as no schedule',
  },
  'one-for-list': {
    seen: 'one object where the standard wants a list, or a list of one where it wants an object',
    does: 'it is read as the standard wants it',
  },
  'long-list': { seen: 'more elements in a list than the standard allows', does: 'the first ones count; such a schedule counts as no schedule' },
  'time-form': {
    seen: 'a time in another form: without zone, with a short offset, as a number',
    does: 'it is read; without a zone it is UTC; what cannot be read is the time of receipt',
  },
  clock: { seen: 'a time more than a minute ahead, or more than 30 days ago', does: 'the time of receipt is used; times less far ahead are cut to it, too' },
  'no-payload': { seen: 'a message whose payload is missing or not an object', does: 'the payload counts as empty' },
  'broken-frame': {
    seen: 'a frame with too few or too many parts: an error without a code, an answer without payload',
    does: 'an answer ends its call at once, as an error; a call is read as far as it goes',
  },
  'other-address': { seen: 'slashes too many in the URL', does: 'they are ignored' },
  'other-subprotocol': { seen: 'the subprotocol in other letters, such as OCPP1.6 or ocpp1.6j', does: 'it is taken, and repeated as it was offered' },
} as const satisfies Record<string, Patience>;

/** The name of a kind of patience. */
export type PatienceKind = keyof typeof patiences;
