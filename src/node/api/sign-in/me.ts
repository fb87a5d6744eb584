import { printDateTime } from '../../../ocpi/date-time.ts';
import type { Scope } from '../../../store/sql/api-key.ts';
import { VERSION } from '../../core/version.ts';
import type { Caller } from '../authenticate.ts';
import type { SignIn } from './logins.ts';
import type { MeView } from './schemas.ts';

export const viewSignedOut = ({ config, oidc, demo }: SignIn): MeView => ({
  signed_in: false,
  ways: config.console ? ['password', ...(oidc ? (['oidc'] as const) : [])] : [],
  ...(demo && { demo: { name: demo.name, password: demo.password } }),
});

export function viewCaller(signIn: SignIn, { name, scope, via }: Caller): MeView {
  if (via.is === 'key') return viewSignedIn(signIn, { name, scope, via: 'key' });
  const { user, idleUntil, endsAt } = via.login;
  const me = viewSignedIn(signIn, { name, scope, via: user.password === undefined ? 'oidc' : 'password' });
  return { ...me, idle_until: printDateTime(idleUntil), ends_at: printDateTime(endsAt) };
}

export function viewSignedIn({ context, demo }: SignIn, { name, scope, via }: { name: string; scope: Scope; via: 'password' | 'oidc' | 'key' }) {
  const { parties, public_url } = context.config;
  return {
    signed_in: true as const,
    name,
    role: scope,
    via,
    node: { parties: parties.map((it) => ({ ...it })), public_url, version: VERSION, ...(demo?.trouble && { trouble: true }) },
  };
}
