import { restoredLimit } from '../../../domain/site/imposed-limit.ts';
import { type EpochSeconds, toSeconds } from '../../../domain/units.ts';
import { writeChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import type { ImposedLimit } from '../../../store/sql/imposed-limit.ts';
import type { Input } from '../../../store/sql/input.ts';
import type { UndoRequest } from './schemas.ts';

const profilePath = (session: string) => `sessions/${encodeURIComponent(session)}/charging-profile`;

/** Removes the profile of the operator; `beside`: the profiles of other parties stay. */
export const clearOwn = (session: string, beside: boolean): UndoRequest => ({
  method: 'DELETE',
  path: profilePath(session),
  query: beside ? { profiles: 'own' } : {},
});

/** Puts back an earlier profile of the operator. */
export const setAgain = (session: string, { profile, keepsOthers }: Pick<Input, 'profile' | 'keepsOthers'>): UndoRequest => ({
  method: 'PUT',
  path: profilePath(session),
  query: { mode: keepsOthers ? 'lower-only' : 'replace' },
  body: writeChargingProfile(profile),
});

/** Lifts the imposed limit of a node. */
export const liftAgain = (node: string): UndoRequest => ({ method: 'DELETE', path: 'sites/limits', query: { node } });

/** Puts back what was imposed on a node before; nothing was, or it has ended: lifts the limit. */
export function imposeAgain(node: string, replaced: ImposedLimit | undefined, now: EpochSeconds): UndoRequest {
  const body = replaced && restoredLimit(replaced.limit, { at: toSeconds(replaced.at), now });
  return body ? { method: 'PUT', path: 'sites/limits', query: { node }, body } : liftAgain(node);
}
