import type { ChargingProfile } from '../../../domain/profile/charging-profile.ts';
import { ok, type Result } from '../../../domain/result.ts';
import { amperes, type EpochMillis, seconds, toSeconds, watts } from '../../../domain/units.ts';
import { readChargingProfile } from '../../../ocpi/chargingprofiles/translate.ts';
import { invalid, type Refusal } from '../refusal.ts';
import type { CheckedRequest } from '../route.ts';
import type { setProfile } from './routes.ts';

/** A charging profile in the body of a request: an OCPI ChargingProfile, or the short form. */
export type WrittenProfile = CheckedRequest<typeof setProfile>['body'];

/** The profile of a body in the long or the short form. A short one that ends is counted from now, not from the start of charging. */
export function readWrittenProfile(body: WrittenProfile, now: EpochMillis): Result<ChargingProfile, Refusal> {
  if (!('limit' in body)) {
    const read = readChargingProfile(body);
    return read.ok ? read : invalid(read.problem.split(':')[0] ?? 'body', read.problem);
  }
  const span = body.for === undefined ? {} : { start: toSeconds(now), duration: seconds(body.for) };
  const start = seconds(0);
  return ok(
    body.unit === 'W'
      ? { unit: 'W', ...span, periods: [{ start, limit: watts(body.limit) }] }
      : { unit: 'A', ...span, periods: [{ start, limit: amperes(body.limit) }] },
  );
}
