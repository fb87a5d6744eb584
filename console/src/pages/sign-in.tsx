import { useEffect } from 'preact/hooks';
import type { MeView } from '../data/console-api-types.ts';
import type { SignedIn } from '../data/signed-in-user.ts';
import { PasswordForm } from '../parts/password-form.tsx';
import { ThemeSwitch } from '../parts/theme-switch.tsx';

interface SignInPageProps {
  out: Extract<MeView, { signed_in: false }>;
  /** A login was there and is over. */
  expired: boolean;
  onIn(me: SignedIn): void;
}

/** The door: by name and password, or by the organisation's own login. The address stays, so whoever comes in is where he wanted to be. */
export function SignInPage({ out, expired, onIn }: SignInPageProps) {
  useEffect(() => {
    document.title = 'Sign in · Evenkeel';
  }, []);
  const failed = new URLSearchParams(location.search).get('failed') === 'oidc';
  return (
    <main class="enter" id="main">
      <div class="card stack">
        <div class="brand">
          <img src="/console/mark.svg" alt="" width={28} height={28} />
          <h1>Evenkeel</h1>
        </div>
        {expired && (
          <p class="said warn" role="status">
            Your login is over. Sign in, and you are back where you were.
          </p>
        )}
        {failed && (
          <p class="said bad" role="alert">
            Your organisation did not let you in. Try again, or ask whoever runs this node.
          </p>
        )}
        {out.ways.includes('password') && <PasswordForm demo={out.demo} onIn={onIn} />}
        {out.ways.includes('oidc') && (
          <a class="button" href="/api/v1/login/oidc">
            Sign in with your organisation
          </a>
        )}
        {out.demo && <p class="small soft">A demo on this machine: its name and password are filled in.</p>}
        <ThemeSwitch />
      </div>
    </main>
  );
}
