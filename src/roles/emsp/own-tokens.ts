import { fold } from '../../domain/ids.ts';
import { keyOf } from '../../domain/party.ts';
import { type EpochMillis, epochMillis } from '../../domain/units.ts';
import { dateTimeMillis, printDateTime } from '../../ocpi/date-time.ts';
import type { WireToken } from '../../ocpi/tokens/token.ts';

/** A token as the operator's list has it: it knows no moment. */
export type ListedToken = Omit<WireToken, 'last_updated'>;

/**
 * The tokens whose state is not the one that is held: their moment moves, and that of no other. One that left the list is
 * made invalid, since tokens are never deleted (OCPI 2.2.1 §12.1.1).
 */
export function changedTokens(listed: readonly ListedToken[], held: readonly WireToken[], now: EpochMillis): readonly WireToken[] {
  const known = new Map(held.map((it) => [nameOf(it), it]));
  const names = new Set(listed.map(nameOf));
  const gone = held.filter((it) => it.valid && !names.has(nameOf(it))).map((it) => ({ ...it, valid: false }));
  return [...listed, ...gone].flatMap((token) => {
    const before = known.get(nameOf(token));
    return before && sameState(before, token) ? [] : [{ ...token, last_updated: momentAfter(before, now) }];
  });
}

/** No printable text holds a line break. */
const nameOf = (it: ListedToken) => [keyOf(it), fold(it.type), fold(it.uid)].join('\n');

function sameState(held: WireToken, { ...listed }: ListedToken): boolean {
  const { last_updated: _, ...before } = held;
  const fields = new Set([...Object.keys(before), ...Object.keys(listed)].filter((it) => it !== 'last_updated'));
  return [...fields].every((field) => JSON.stringify(Reflect.get(before, field)) === JSON.stringify(Reflect.get(listed, field)));
}

/** Each state is newer than the one before, also when the clock was put back. */
function momentAfter(before: WireToken | undefined, now: EpochMillis): string {
  const last = before && dateTimeMillis(before.last_updated);
  return printDateTime(epochMillis(last === undefined ? now : Math.max(now, last + 1)));
}
