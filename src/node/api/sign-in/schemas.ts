import { type Static, Type } from 'typebox';
import { SCOPES } from '../../../store/sql/api-key.ts';

export const RoleWord = Type.Unsafe<(typeof SCOPES)[number]>({
  type: 'string',
  enum: [...SCOPES],
  description: 'view: reads; operate: also steers and halts; admin: also changes peers, contracts, consents and keys',
});
const Until = Type.String({ description: 'a moment in UTC' });

/** What somebody types to sign in. */
export const Typed = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64 }),
    password: Type.String({ minLength: 1, maxLength: 512 }),
    code: Type.Optional(Type.String({ maxLength: 10, description: 'six digits of the second factor, for those who have one' })),
  },
  { additionalProperties: false },
);

/** Who is signed in; or how to. */
export const MeView = Type.Union([
  Type.Object({
    signed_in: Type.Literal(false),
    ways: Type.Array(Type.Unsafe<'password' | 'oidc'>({ type: 'string', enum: ['password', 'oidc'] }), { description: 'none: this node has no console' }),
    demo: Type.Optional(Type.Object({ name: Type.String(), password: Type.String() }, { description: 'of the demo, which has nothing to lose' })),
  }),
  Type.Object({
    signed_in: Type.Literal(true),
    name: Type.String(),
    role: RoleWord,
    via: Type.Unsafe<'password' | 'oidc' | 'key'>({ type: 'string', enum: ['password', 'oidc', 'key'] }),
    idle_until: Type.Optional(Until),
    ends_at: Type.Optional(Until),
    node: Type.Object({
      parties: Type.Array(Type.Object({ role: Type.String(), country_code: Type.String(), party_id: Type.String(), name: Type.String() })),
      public_url: Type.String(),
      version: Type.String(),
    }),
  }),
]);
export type MeView = Static<typeof MeView>;
