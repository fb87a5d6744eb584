import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { MeView } from '../data/console-api-types.ts';
import { signInErrorText } from '../data/error-text.ts';
import type { SignedIn } from '../data/signed-in-user.ts';
import { text } from '../text/text.ts';
import { ErrorSentence } from './error-sentence.tsx';

interface PasswordFormProps {
  /** Name and password of the demo, which fill the fields. */
  demo: { name: string; password: string } | undefined;
  onSignedIn(user: SignedIn): void;
}

/** Signs in with name and password, and with a code where the user has a second factor. */
export function PasswordForm({ demo, onSignedIn }: PasswordFormProps) {
  const texts = text().signIn;
  const [form, setForm] = useState({ name: demo?.name ?? '', password: demo?.password ?? '', code: '' });
  const [answer, setAnswer] = useState<ApiAnswer<MeView> | undefined>(undefined);
  const [sending, setSending] = useState(false);
  const [codeShown, showCode] = useState(false);
  const signIn = async (event: Event) => {
    event.preventDefault();
    setSending(true);
    const { name, password, code } = form;
    const received = await callApi<MeView>('login', { method: 'POST', body: { name, password, ...(code !== '' && { code }) } });
    setSending(false);
    setAnswer(received);
    if (!received.ok && received.code === 'CODE_NEEDED') showCode(true);
    if (received.ok && received.value.signed_in) onSignedIn(received.value);
  };
  const update = (name: keyof typeof form) => (value: string) => setForm({ ...form, [name]: value });
  return (
    <form class="form" onSubmit={signIn}>
      <TextField name={texts.name} autoComplete="username" value={form.name} onChange={update('name')} />
      <PasswordField name={texts.password} autoComplete="current-password" value={form.password} onChange={update('password')} />
      {codeShown && <TextField name={texts.code} pattern="[0-9]{6}" autoComplete="one-time-code" value={form.code} onChange={update('code')} />}
      {answer?.ok === false && (
        <p class={`said ${answer.code === 'CODE_NEEDED' ? '' : 'bad'}`} role="alert">
          <ErrorSentence of={signInErrorText(answer)} />
        </p>
      )}
      <button type="submit" class="button first" disabled={sending}>
        {sending ? texts.sending : texts.submit}
      </button>
    </form>
  );
}

interface TextFieldProps {
  name: string;
  autoComplete: string;
  value: string;
  pattern?: string;
  onChange(value: string): void;
}
const TextField = ({ name, onChange, ...rest }: TextFieldProps) => (
  <label class="field">
    <span>{name}</span>
    <input class="input" required {...rest} onInput={(event) => onChange(event.currentTarget.value)} />
  </label>
);
const PasswordField = ({ name, onChange, ...rest }: TextFieldProps) => (
  <label class="field">
    <span>{name}</span>
    <input class="input" required type="password" {...rest} onInput={(event) => onChange(event.currentTarget.value)} />
  </label>
);
