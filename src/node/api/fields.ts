// Fields that the schemas of several nouns share.
import { Type } from 'typebox';
import { Session } from '../../ocpi/sessions/session.ts';
import type { OwnSession } from '../../roles/cpo/session.ts';
import { SCOPES } from '../../store/sql/api-key.ts';

export const Moment = Type.String({ description: 'a moment in UTC, such as 2026-01-31T09:30:00.000Z' });
export const Seq = Type.Integer({ minimum: 0, description: 'number in the order of arrival; the cursor for ?before' });
export const Key = Type.String({ description: 'country code, party id and session id, in capitals: NL*EVK*…' });
export const Party = Type.String({ description: 'country code and party id, such as NL*SCS' });
export const Count = Type.Integer({ minimum: 0 });

/** A role of a person, or the scope of a key. */
export const RoleName = Type.Unsafe<(typeof SCOPES)[number]>({
  type: 'string',
  enum: [...SCOPES],
  description: 'view: reads; operate: also sets profiles and halts parties; admin: also changes peers, contracts, consents and keys',
});

const newest = Session['2.3.0'];

/** The OCPI Session as the API shows it: `maskSession` has removed most of the card number of others. */
export const MaskedSession = Type.Unsafe<OwnSession>({
  ...Type.Object({
    ...newest.properties,
    cdr_token: Type.Optional(newest.properties.cdr_token),
    total_cost: Type.Optional(Type.Union([Session['2.2.1'].properties.total_cost, newest.properties.total_cost])),
  }),
  description:
    'the OCPI Session (§9.3.1), with cdr_token.uid whole for tokens of an eMSP of this node, and masked except its last four characters for tokens of others; without cdr_token while its owner is unknown',
});

/** A series of steps in W. Each value holds until the next one; null: no value. */
export const WattSteps = Type.Array(Type.Tuple([Type.Number({ description: 'epoch s' }), Type.Union([Type.Number({ description: 'W' }), Type.Null()])]));

/** The reason of an act, in the words of the operator. */
export const Reason = Type.Optional(
  Type.String({
    minLength: 1,
    maxLength: 200,
    description: 'why, in your words; it stays in the audit and in the exchange, so name no driver',
  }),
);
