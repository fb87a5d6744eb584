import { type Static, Type } from 'typebox';
import { RoleName } from '../fields.ts';

const Until = Type.String({ description: 'a moment in UTC' });

/** Name, password and, for users with a second factor, the code. */
export const SignInBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 64 }),
    password: Type.String({ minLength: 1, maxLength: 512 }),
    code: Type.Optional(Type.String({ maxLength: 10, description: 'six digits of the second factor, for users who have one' })),
  },
  { additionalProperties: false },
);

/** The signed-in user or key, or the ways to sign in. */
export const MeView = Type.Union([
  Type.Object({
    signed_in: Type.Literal(false),
    ways: Type.Array(Type.Unsafe<'password' | 'oidc'>({ type: 'string', enum: ['password', 'oidc'] }), { description: 'empty: this node has no console' }),
    demo: Type.Optional(Type.Object({ name: Type.String(), password: Type.String() }, { description: 'name and password of the demo' })),
  }),
  Type.Object({
    signed_in: Type.Literal(true),
    name: Type.String(),
    role: RoleName,
    via: Type.Unsafe<'password' | 'oidc' | 'key'>({ type: 'string', enum: ['password', 'oidc', 'key'] }),
    idle_until: Type.Optional(Until),
    ends_at: Type.Optional(Until),
    node: Type.Object({
      parties: Type.Array(Type.Object({ role: Type.String(), country_code: Type.String(), party_id: Type.String(), name: Type.String() })),
      public_url: Type.String(),
      version: Type.String(),
      trouble: Type.Optional(Type.Boolean({ description: 'true: a demo, whose operator may trouble its simulated world' })),
    }),
  }),
]);
export type MeView = Static<typeof MeView>;
