import { useEffect, useState } from 'preact/hooks';
import { type Answer, ask } from '../data/ask.ts';
import type { Me } from '../data/console-words.ts';
import type { SignedIn } from '../data/me.ts';
import { ThemeSwitch } from '../parts/theme-switch.tsx';

type Out = Extract<Me, { signed_in: false }>;

/** The door: name and password, then a code where one is set up, or the organisation's own login. */
export function LoginPage({ out, expired, onIn }: { out: Out; expired: boolean; onIn(me: SignedIn): void }) {
  const [form, setForm] = useState({ name: out.demo?.name ?? '', password: out.demo?.password ?? '', code: '' });
  const [answer, setAnswer] = useState<Answer<Me> | undefined>(undefined);
  const [asking, setAsking] = useState(false);
  const needsCode = answer?.ok === false && answer.code === 'CODE_NEEDED';
  const [codeShown, showCode] = useState(false);
  useEffect(() => {
    document.title = 'Sign in · Evenkeel';
  }, []);
  const enter = async (event: Event) => {
    event.preventDefault();
    setAsking(true);
    const { name, password, code } = form;
    const said = await ask<Me>('login', { method: 'POST', body: { name, password, ...(code !== '' && { code }) } });
    setAsking(false);
    setAnswer(said);
    if (!said.ok && said.code === 'CODE_NEEDED') showCode(true);
    if (said.ok && said.value.signed_in) onIn(said.value);
  };
  const failed = new URLSearchParams(location.search).get('failed') === 'oidc';
  return (
    <main class="enter" id="main">
      <div class="card stack">
        <div class="brand">
          <img src="/console/mark.svg" alt="" width={28} height={28} />
          <h1>Evenkeel</h1>
        </div>
        {expired && <p class="said warn" role="status">Your login is over. Sign in, and you are back where you were.</p>}
        {failed && <p class="said bad" role="alert">Your organisation did not let you in. Try again, or ask whoever runs this node.</p>}
        {out.ways.includes('password') && (
          <form class="form" onSubmit={enter}>
            <label class="field">
              <span>Name</span>
              <input class="input" required autoComplete="username" value={form.name} onInput={(event) => setForm({ ...form, name: event.currentTarget.value })} />
            </label>
            <label class="field">
              <span>Password</span>
              <input
                class="input"
                type="password"
                required
                autoComplete="current-password"
                value={form.password}
                onInput={(event) => setForm({ ...form, password: event.currentTarget.value })}
              />
            </label>
            {codeShown && (
              <label class="field">
                <span>Code from your authenticator, 6 digits</span>
                <input
                  class="input"
                  required
                  inputMode="numeric"
                  pattern="[0-9]{6}"
                  autoComplete="one-time-code"
                  value={form.code}
                  onInput={(event) => setForm({ ...form, code: event.currentTarget.value })}
                />
              </label>
            )}
            {answer?.ok === false && (
              <p class={`said ${needsCode ? '' : 'bad'}`} role="alert">
                {answer.message}
              </p>
            )}
            <button type="submit" class="button first" disabled={asking}>
              {asking ? 'Signing in …' : 'Sign in'}
            </button>
          </form>
        )}
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
