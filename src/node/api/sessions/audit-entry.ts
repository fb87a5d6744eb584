import type { CheckedRequest } from '../route.ts';
import type { clearProfile, setProfile } from './routes.ts';

/** The audit entry of a set: the session, the first limit, how long, what becomes of other parties, and the reason. */
export function entryOfSet({ params, query, body }: CheckedRequest<typeof setProfile>) {
  const span = (seconds: number | undefined) => (seconds === undefined ? 'until the session ends' : `for ${seconds} s`);
  const what = 'limit' in body ? `${body.limit} ${body.unit} ${span(body.for)}` : describe(body);
  return { subject: params.session, says: listed(what, query.mode, query.reason) };

  function describe({ charging_profile_period: periods = [], charging_rate_unit: unit, duration }: Exclude<typeof body, { limit: number }>): string {
    const first = `${periods[0]?.limit} ${unit}`;
    return `${periods.length > 1 ? `${first} and ${periods.length - 1} more periods` : first} ${span(duration)}`;
  }
}

/** The audit entry of a clear: the session, whose profiles, and the reason. */
export const entryOfClear = ({ params, query }: CheckedRequest<typeof clearProfile>) => {
  const says = listed(query.profiles, query.reason);
  return { subject: params.session, ...(says !== '' && { says }) };
};

const listed = (...parts: readonly (string | undefined)[]) => parts.filter((it) => it !== undefined).join(', ');
