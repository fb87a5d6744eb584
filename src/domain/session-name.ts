import { typedId } from './id-prefix.ts';
import { fold } from './ids.ts';

/** What a person may call a session by. */
export interface NamedSession {
  /** `NL*EVK*17`. */
  key: string;
  id: string;
  isRunning: boolean;
  evseUid?: string | undefined;
  /** The EVSE ID that is printed on the charge point, such as `NL*EVK*E1`. */
  evseId?: string | undefined;
  station?: string | undefined;
}

/** The session that a typed name means, or the sessions that it may mean, in the order of their keys. */
export type PickedSession<T> = { is: 'ONE'; session: T } | { is: 'NONE' } | { is: 'SEVERAL'; sessions: readonly T[] };

/**
 * Picks the session that a typed name means; upper and lower case are equal. A whole key means that session. Else the name is a whole id, or an
 * EVSE or a charge point with a running session; else the beginning of an id or key. A name with two meanings picks none of them.
 */
export function pickSession<T extends NamedSession>(typed: string, sessions: readonly T[]): PickedSession<T> {
  const wanted = fold(typedId(typed));
  if (wanted === '') return { is: 'NONE' };
  const isWanted = (name: string | undefined) => name !== undefined && fold(name) === wanted;
  const meanings: readonly ((it: T) => boolean)[] = [
    ({ key }) => isWanted(key),
    ({ id, isRunning, evseUid, evseId, station }) => isWanted(id) || (isRunning && [evseUid, evseId, station].some(isWanted)),
    ({ key, id }) => fold(id).startsWith(wanted) || fold(key).startsWith(wanted),
  ];
  const distinct = [...new Map(sessions.map((it) => [it.key, it])).values()];
  const found = meanings.map((means) => distinct.filter(means)).find((some) => some.length > 0) ?? [];
  const [session, ...others] = found;
  if (!session) return { is: 'NONE' };
  return others.length === 0 ? { is: 'ONE', session } : { is: 'SEVERAL', sessions: found.toSorted((a, b) => (a.key < b.key ? -1 : 1)) };
}

/** A session for people: `17 at CP001-1 (NL*EVK*17)`. */
export const sessionLabel = ({ key, id, evseUid }: Pick<NamedSession, 'key' | 'id' | 'evseUid'>): string =>
  `${id}${evseUid === undefined ? '' : ` at ${evseUid}`} (${key})`;
