import { type Static, Type } from 'typebox';
import { RIGHTS } from '../../../domain/contract.ts';
import { oneOf } from '../../../ocpi/scalars.ts';
import { Moment, Party } from '../fields.ts';

/** A contract, and whether it has an effect now. */
export const ContractView = Type.Object({
  id: Type.String(),
  party: Party,
  may: Type.Array(oneOf(...RIGHTS)),
  tokens_of: Type.Optional(Party),
  locations: Type.Optional(Type.Array(Type.String())),
  evses: Type.Optional(Type.Array(Type.String())),
  state_of_charge: Type.Optional(Type.Boolean({ description: 'the party gets the state of charge of the cars' })),
  push_every: Type.Optional(Type.Integer({ description: 's; how often changes of a running session are pushed to the party at most' })),
  from: Type.Optional(Moment),
  until: Type.Optional(Moment),
  origin: Type.String({ description: 'config or command' }),
  ended_at: Type.Optional(Moment),
  consented: Type.Boolean({ description: 'at least one consent for this party is in force' }),
  halted: Type.Boolean(),
});
export type ContractView = Static<typeof ContractView>;

/** A consent of a driver, or of all drivers. */
export const ConsentView = Type.Object({
  party: Party,
  driver: Type.String({ description: '*: all drivers; else the pseudonym of one driver' }),
  purpose: Type.String(),
  text_version: Type.String(),
  given_at: Moment,
  withdrawn_at: Type.Optional(Moment),
});
