import { useEffect } from 'preact/hooks';
import type { MeView } from '../data/console-api-types.ts';
import type { SignedIn } from '../data/signed-in-user.ts';
import { PasswordForm } from '../parts/password-form.tsx';
import { ThemeSwitch } from '../parts/theme-switch.tsx';

interface SignInPageProps {
  signedOut: Extract<MeView, { signed_in: false }>;
  /** There was a login, and it has ended. */
  expired: boolean;
  onSignedIn(user: SignedIn): void;
}

/** Signs in with name and password, or with the login of the organisation. The address stays, so the user arrives at the page that the link named. */
export function SignInPage({ signedOut, expired, onSignedIn }: SignInPageProps) {
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
            Your login has expired. Sign in to return to this page.
          </p>
        )}
        {failed && (
          <p class="said bad" role="alert">
            Sign-in with your organisation failed. Try again, or ask the administrator of this node.
          </p>
        )}
        {signedOut.ways.includes('password') && <PasswordForm demo={signedOut.demo} onSignedIn={onSignedIn} />}
        {signedOut.ways.includes('oidc') && (
          <a class="button" href="/api/v1/login/oidc">
            Sign in with your organisation
          </a>
        )}
        {signedOut.demo && <p class="small soft">Demo on this machine: name and password are filled in.</p>}
        <ThemeSwitch />
      </div>
    </main>
  );
}
