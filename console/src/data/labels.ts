import { text } from '../text/text.ts';

// Plain words for the values of the operator API. A value that is not listed is shown as it came, in lower case.

/** The word of a table for a key; undefined when the table has none. */
export const found = (table: Readonly<Record<string, string>>, key: string): string | undefined => (Object.hasOwn(table, key) ? table[key] : undefined);

/** A value of a closed list in plain words: TIMED_OUT is "no answer in time". */
export const labelOf = (value: string): string => found(text().values, value.toUpperCase()) ?? value.toLowerCase().replaceAll('_', ' ');

/** The state of an exchange. A request of the operator has no result to deliver: it is done. */
export const stateLabel = ({ side, state }: { side: string; state: string }): string =>
  side === 'own' && state === 'DELIVERED' ? text().done : labelOf(state);

/** What a request asks: set, get or clear a profile. */
export const kindLabel = (kind: string): string => found(text().request.kinds, kind) ?? kind;

/** The reason of an exchange as a clause: `cp_silent` is "the station did not answer in time". */
export function reasonText(reason: string): string {
  const [first = '', later] = reason.split(', then ');
  const [word = '', ...detail] = first.split(': ');
  const more = detail.join(': ');
  const status = /^(http|ocpi)_\dxxx?$/.test(word) && /^\d{3,4}$/.test(more);
  if (status) return clauseOf(word.replace(/\dxxx?$/, more));
  const { stationAnswered, thenResult } = text().reasonParts;
  const clause = word === 'cp' && more !== '' ? stationAnswered(more) : `${clauseOf(word)}${more === '' ? '' : `: ${more}`}`;
  return later === undefined ? clause : thenResult(clause, labelOf(later));
}

/** The refusal of a plan, such as `REJECTED (cp: Rejected)`, as a clause. */
export function refusalText(refusal: string): string {
  const [, result, reason] = /^([A-Z_]+) \((.*)\)$/.exec(refusal) ?? [];
  if (result === undefined || reason === undefined) return /^[A-Z_]+$/.test(refusal) ? labelOf(refusal) : refusal;
  return reason === result ? labelOf(result) : `${labelOf(result)}, ${reasonText(reason)}`;
}

function clauseOf(word: string): string {
  const [, protocol, code] = /^(http|ocpi)_(\w+)$/.exec(word) ?? [];
  if (protocol !== undefined && code !== undefined) return text().reasonParts.peerAnswered(protocol.toUpperCase(), code);
  // Text of a peer stays as it is; a single word of the node is shown like other words.
  return found(text().reasons, word) ?? (/^\w+$/.test(word) ? labelOf(word) : word);
}

/** The kind of a security event as a heading. */
export const securityLabel = (kind: string): string => found(text().security, kind) ?? kind;

/** An action of the audit in plain words. */
export const actionLabel = (action: string): string => found(text().actions, action) ?? action.replaceAll('-', ' ');

/** Who sends or receives a message: the node and the operator have words, others their id. */
export const placeLabel = (place: string): string => found(text().places, place) ?? place;

/** The part that a message has in its exchange. */
export const messageStepLabel = (step: string): string => found(text().steps, step) ?? step;
