import { Type } from 'typebox';
import { PUSH_EVERY_S } from '../../domain/contract.ts';
import { PartyName } from './location-schema.ts';

const oneOf = <const T extends string[]>(...values: T) => Type.Unsafe<T[number]>({ type: 'string', enum: values });
const strict = { additionalProperties: false } as const;

const Moment = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:\\.\\d{1,9})?Z?$',
  description: 'a date and time in UTC, such as 2030-01-01T00:00:00Z',
});
const Names = Type.Array(Type.String({ minLength: 1, maxLength: 48 }), { minItems: 1 });
/** A contract in the configuration; see `Contract`. */
export const ContractEntry = Type.Object(
  {
    party: PartyName,
    may: Type.Array(oneOf('see', 'control'), { minItems: 1 }),
    tokens_of: Type.Optional(PartyName),
    locations: Type.Optional(Names),
    evses: Type.Optional(Names),
    state_of_charge: Type.Optional(Type.Boolean({ description: 'whether the party gets the state of charge of the cars; default false' })),
    push_every: Type.Optional(
      Type.Integer({
        minimum: 30,
        maximum: PUSH_EVERY_S,
        description: 's; how often changes of a running session are pushed to the party at most; changes of its state are pushed at once; default 300',
      }),
    ),
    from: Type.Optional(Moment),
    until: Type.Optional(Moment),
  },
  strict,
);
/** A consent in the configuration; see `Consent`. */
export const ConsentEntry = Type.Object(
  {
    token: Type.String({ minLength: 1, maxLength: 36 }),
    party: PartyName,
    purpose: oneOf('smart_charging'),
    text_version: Type.String({ minLength: 1, maxLength: 100 }),
    given_at: Moment,
  },
  strict,
);
/** How two parties share a session; see `Sharing`. */
export const SharingEntry = Type.Object({ parties: Type.Array(PartyName, { minItems: 2, maxItems: 2 }), rule: oneOf('replace', 'strictest') }, strict);
