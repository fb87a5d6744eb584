import { type Static, Type } from 'typebox';
import { oneOf } from '../../../ocpi/scalars.ts';
import { SHADOW_KINDS } from '../../../store/sql/shadow.ts';
import { Count, Key, Moment, Party, Seq } from '../fields.ts';
import { Before, Limit } from '../lists.ts';

const DateTime = (description: string) => Type.Optional(Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,3})?Z$', description }));
/** The time that a request covers, and what it is about. */
export const window = {
  from: DateTime('UTC, such as 2026-01-31T09:30:00Z; default: 7 days before `to`; at most 366 days before it'),
  to: DateTime('UTC, excluded; default: now'),
  station: Type.Optional(Type.String({ maxLength: 100, description: 'only this charge point' })),
  limit: Limit,
  before: Before,
};

/** What would have been sent, and by how much it would have lowered what was measured. */
const figures = {
  requests: Type.Object({ set: Count, clear: Count, get: Count }, { description: 'requests of parties and of the operator that were accepted and not sent' }),
  site_limits: Type.Integer({ minimum: 0, description: 'limits that sites would have ordered' }),
  refused: Type.Integer({ minimum: 0, description: 'requests that the node refused at once; it would have refused them in mode act too' }),
  measured_hours: Type.Number({ description: 'h in which a session was measured' }),
  lowered_kwh: Type.Number({
    description: 'kWh that were drawn above the limits which would have held. A car charges part of them later, so this is not energy saved',
  }),
  lowered_peak_kw: Type.Number({ description: 'kW; the most by which the limits would have lowered what was drawn at one moment' }),
};

/** The figures of a charge point on one day. */
export const ShadowStationDay = Type.Object({
  day: Type.String({ description: 'UTC, such as 2026-01-31' }),
  station: Type.String(),
  site: Type.Optional(Type.String()),
  ...figures,
});
export type ShadowStationDay = Static<typeof ShadowStationDay>;

/** How often a site was above its limits, as no limit was sent to its observed EVSEs. */
export const ShadowSiteDay = Type.Object({
  day: Type.String({ description: 'UTC, such as 2026-01-31' }),
  site: Type.String(),
  measured_hours: Type.Number({ description: 'h that were looked at' }),
  above_minutes: Type.Number({ description: 'minutes in which what its EVSEs drew was above a limit of the site' }),
  above_peak_a: Type.Number({ description: 'A on one phase; the most by which a limit was exceeded' }),
  above_peak_kw: Type.Number({ description: 'kW over all phases; the most by which a limit in W was exceeded' }),
});
export type ShadowSiteDay = Static<typeof ShadowSiteDay>;

/** What the node would have done at the charge points that it only observes. */
export const ShadowReport = Type.Object({
  from: Moment,
  to: Moment,
  observed: Type.Integer({ minimum: 0, description: 'charge points that are observed now (upstream.mode: observe)' }),
  totals: Type.Object(
    { ...figures, sites_above_minutes: Type.Number({ description: 'sum of above_minutes of all sites' }) },
    { description: 'of the whole time, and of all charge points that were asked for' },
  ),
  stations: Type.Array(ShadowStationDay, { description: 'newest day first' }),
  sites: Type.Array(ShadowSiteDay, { description: 'newest day first' }),
  next: Type.Optional(Type.Integer({ description: 'give it as `before` for older days; absent: there are none' })),
});
export type ShadowReport = Static<typeof ShadowReport>;

/** One request that the node would have sent. */
export const ShadowRequest = Type.Object({
  seq: Seq,
  at: Moment,
  kind: Type.Unsafe<(typeof SHADOW_KINDS)[number]>({
    ...oneOf(...SHADOW_KINDS),
    description: 'site-limit: an order of the site; the others: a request about a session',
  }),
  station: Type.String(),
  evse: Type.String({ description: 'uid of the EVSE' }),
  session: Type.Optional(Key),
  party: Type.Optional(Party),
  site: Type.Optional(Type.String()),
  exchange: Type.Optional(Type.String({ description: 'id of the exchange, which ended REJECTED with the reason observing' })),
  asked: Type.Object({
    profile: Type.Optional(
      Type.Object(
        {
          unit: oneOf('W', 'A'),
          start: Type.Optional(Type.Number({ description: 'epoch s; absent: it counts from the start of the session' })),
          duration: Type.Optional(Type.Number({ description: 's' })),
          periods: Type.Array(
            Type.Object({ start: Type.Number({ description: 's after the start' }), limit: Type.Number({ description: 'W or A, as `unit` says' }) }),
          ),
        },
        { description: 'the profile for the charge point' },
      ),
    ),
    a: Type.Optional(Type.Number({ description: 'A on each phase; the limit of the site' })),
    w: Type.Optional(Type.Number({ description: 'W over all phases; the limit of the site' })),
    duration: Type.Optional(Type.Number({ description: 's; of a get' })),
  }),
  limit_watts: Type.Optional(Type.Number({ description: 'W over all phases; the limit that would have held from then on' })),
  metered_watts: Type.Optional(Type.Number({ description: 'W over all phases; what was measured last' })),
  lowered_watts: Type.Optional(Type.Number({ description: 'W; by how much the limit is below what was measured' })),
});
export type ShadowRequest = Static<typeof ShadowRequest>;
