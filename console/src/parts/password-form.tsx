import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { MeView } from '../data/console-api-types.ts';
import type { SignedIn } from '../data/signed-in-user.ts';

interface PasswordFormProps {
  /** What stands in the fields at first: the demo fills them in. */
  demo: { name: string; password: string } | undefined;
  onIn(me: SignedIn): void;
}

/** Name and password, then a code where one is set up. */
export function PasswordForm({ demo, onIn }: PasswordFormProps) {
  const [form, setForm] = useState({ name: demo?.name ?? '', password: demo?.password ?? '', code: '' });
  const [answer, setAnswer] = useState<ApiAnswer<MeView> | undefined>(undefined);
  const [asking, setAsking] = useState(false);
  const [codeShown, showCode] = useState(false);
  const enter = async (event: Event) => {
    event.preventDefault();
    setAsking(true);
    const { name, password, code } = form;
    const said = await callApi<MeView>('login', { method: 'POST', body: { name, password, ...(code !== '' && { code }) } });
    setAsking(false);
    setAnswer(said);
    if (!said.ok && said.code === 'CODE_NEEDED') showCode(true);
    if (said.ok && said.value.signed_in) onIn(said.value);
  };
  const put = (name: keyof typeof form) => (value: string) => setForm({ ...form, [name]: value });
  return (
    <form class="form" onSubmit={enter}>
      <TextField name="Name" autoComplete="username" value={form.name} onChange={put('name')} />
      <PasswordField name="Password" autoComplete="current-password" value={form.password} onChange={put('password')} />
      {codeShown && (
        <TextField name="Code from your authenticator, 6 digits" pattern="[0-9]{6}" autoComplete="one-time-code" value={form.code} onChange={put('code')} />
      )}
      {answer?.ok === false && (
        <p class={`said ${answer.code === 'CODE_NEEDED' ? '' : 'bad'}`} role="alert">
          {answer.message}
        </p>
      )}
      <button type="submit" class="button first" disabled={asking}>
        {asking ? 'Signing in …' : 'Sign in'}
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
