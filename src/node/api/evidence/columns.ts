import { type Static, Type } from 'typebox';
import { CHARGING_STATES } from '../../../domain/meter-sample.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import { Key, Moment } from '../fields.ts';

/** What a row of evidence records. */
const KINDS = ['asked', 'answered', 'imposed', 'ordered', 'confirmed', 'metered', 'period', 'building'] as const;

const number = (description: string) => Type.Optional(Type.Number({ description }));
const text = (description: string) => Type.Optional(Type.String({ description }));

/** One row of evidence. The order of the fields is that of the columns. */
export const EvidenceRow = Type.Object({
  at: Type.Unsafe<string>({ ...Moment, description: 'UTC; metered: by the clock of the charge point; all others: by the clock of this node' }),
  kind: Type.Unsafe<(typeof KINDS)[number]>({
    ...oneOf(...KINDS),
    description:
      'asked: a party asked for a limit; answered: the answer to a request or an order; imposed: a limit of a site node, besides the configured one; ordered: this node ordered a limit for an EVSE; confirmed: the limits that hold at the charge point; metered: what was offered and drawn; period: a charging period of the session; building: what counted as the load of the building behind a node, empty: its meter was silent',
  }),
  session: Type.Optional(Key),
  evse: text('uid of the EVSE'),
  node: text('name of the site node'),
  by: text('the party, `operator`, `charge point`, or `node` for what this node computed'),
  exchange: text('id of the request'),
  request: Type.Optional(Type.Unsafe<'set' | 'clear'>({ ...oneOf('set', 'clear'), description: 'what was asked' })),
  answer: text('outcome of the request, or answer of the charge point'),
  valid_from: Type.Optional(Type.Unsafe<string>({ ...Moment, description: 'UTC; the limit, or the period, begins' })),
  valid_to: Type.Optional(Type.Unsafe<string>({ ...Moment, description: 'UTC; the limit, or the period, ends; empty: until it is replaced' })),
  limit_a: number('A on each phase'),
  limit_w: number('W over all phases'),
  offered_a: number('A on each phase; what the charge point offers to the car'),
  offered_w: number('W; what the charge point offers to the car'),
  power_w: number('W; drawn; in a period: the average'),
  current_a: number('A; drawn, the sum of all phases; in a period: the average'),
  energy_wh: number('Wh; metered: since the start of the session; period: in the period'),
  state: Type.Optional(
    Type.Unsafe<(typeof CHARGING_STATES)[number]>({ ...oneOf(...CHARGING_STATES), description: 'whether the car charges, and who suspends charging' }),
  ),
});
export type EvidenceRow = Static<typeof EvidenceRow>;

const Gap = Type.Object({ session: Type.Optional(Key), from: Moment, to: Moment, what: Type.String() });

/** Evidence about a session or a site: what the rows are, where they come from, what is missing, and the rows. */
export const EvidenceView = Type.Object({
  header: Type.Object({
    node: Type.String({ description: 'public URL of this node' }),
    version: Type.String(),
    parties: Type.Array(Type.String(), { description: 'the parties of this node' }),
    generated_at: Moment,
    subject: Type.Object({ kind: oneOf('session', 'site'), name: Type.String(), sessions: Type.Array(Key) }),
    from: Moment,
    to: Moment,
    sources: Type.Array(Type.String()),
    gaps: Type.Array(Gap, { description: 'times of which something is missing' }),
    columns: Type.Array(Type.Object({ name: Type.String(), meaning: Type.String() })),
  }),
  rows: Type.Array(EvidenceRow, { description: 'in the order of time' }),
});
export type EvidenceView = Static<typeof EvidenceView>;
export type EvidenceGap = Static<typeof Gap>;

/** The columns in their order, each with its unit and meaning. */
export const COLUMNS: EvidenceView['header']['columns'] = Object.entries(EvidenceRow.properties).map(([name, field]) => ({
  name,
  meaning: name === 'session' ? 'country code, party id and session id' : 'description' in field ? String(field.description) : name,
}));
