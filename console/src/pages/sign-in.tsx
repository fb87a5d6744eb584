import { useEffect } from 'preact/hooks';
import type { MeView } from '../data/console-api-types.ts';
import type { SignedIn } from '../data/signed-in-user.ts';
import { LanguageSwitch } from '../parts/language-switch.tsx';
import { PasswordForm } from '../parts/password-form.tsx';
import { ThemeSwitch } from '../parts/theme-switch.tsx';
import { text } from '../text/text.ts';

interface SignInPageProps {
  signedOut: Extract<MeView, { signed_in: false }>;
  /** There was a login, and it has ended. */
  expired: boolean;
  onSignedIn(user: SignedIn): void;
}

/** Signs in with name and password, or with the login of the organisation. The address stays, so the user arrives at the page that the link named. */
export function SignInPage({ signedOut, expired, onSignedIn }: SignInPageProps) {
  const texts = text();
  const { signIn } = texts;
  useEffect(() => {
    document.title = texts.shell.windowTitle(signIn.title);
  }, [texts]);
  const failed = new URLSearchParams(location.search).get('failed') === 'oidc';
  return (
    <main class="enter" id="main">
      <div class="card stack">
        <div class="brand">
          <img src="/console/mark.svg" alt="" width={28} height={28} />
          <h1>{texts.shell.product}</h1>
        </div>
        {expired && (
          <p class="said warn" role="status">
            {signIn.expired}
          </p>
        )}
        {failed && (
          <p class="said bad" role="alert">
            {signIn.organisationFailed}
          </p>
        )}
        {signedOut.ways.includes('password') && <PasswordForm demo={signedOut.demo} onSignedIn={onSignedIn} />}
        {signedOut.ways.includes('oidc') && (
          <a class="button" href="/api/v1/login/oidc">
            {signIn.withOrganisation}
          </a>
        )}
        {signedOut.demo && <p class="small soft">{signIn.demo}</p>}
        <div class="row">
          <ThemeSwitch />
          <LanguageSwitch />
        </div>
      </div>
    </main>
  );
}
