import { useState } from 'preact/hooks';
import { momentOf } from '../data/local-moment.ts';
import { nodeNow } from '../data/node-clock.ts';
import { useSend } from '../data/send.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { accessText } from '../text/access-text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { MomentField, PartyField, SendForm, TextField, Tick } from './form-fields.tsx';

const EMPTY = { party: '', everyDriver: false, token: '', version: '', given: '' };

/** Records the consent of one driver, or of all drivers, to send data to a party. */
export function ConsentForm({ onDone }: { onDone(): void }) {
  const texts = accessText().access.consent;
  const isAdmin = useHasRole('admin');
  const { sent, sending, send } = useSend(onDone);
  const [form, setForm] = useState(EMPTY);
  const field = (name: 'party' | 'token' | 'version' | 'given') => ({
    value: form[name],
    onChange: (value: string) => setForm({ ...form, [name]: value }),
  });
  const record = async () => {
    const { party, everyDriver, token, version, given } = form;
    const given_at = momentOf(given) ?? new Date(nodeNow() * 1000).toISOString();
    const body = { party, token: everyDriver ? '*' : token.trim(), text_version: version.trim(), given_at };
    if (await send('consents', { method: 'POST', body }, texts.recorded)) setForm(EMPTY);
  };
  return (
    <>
      <SendForm submit={texts.submit} disabled={sending || !isAdmin} onSubmit={() => void record()}>
        <PartyField name={accessText().access.contract.party} required {...field('party')} />
        <Tick checked={form.everyDriver} onChange={(everyDriver) => setForm({ ...form, everyDriver })}>
          {texts.everyDriver}
        </Tick>
        {!form.everyDriver && <TextField name={texts.token} required maxLength={36} {...field('token')} />}
        <TextField name={texts.version} required maxLength={100} {...field('version')} />
        <MomentField name={texts.given} {...field('given')} />
      </SendForm>
      <AnswerNotice answer={sent?.answer} success={sent?.success ?? ''} />
    </>
  );
}
