import { useState } from 'preact/hooks';
import { momentOf } from '../data/local-moment.ts';
import { useSend } from '../data/send.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { accessText } from '../text/access-text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Choice, MomentField, namesOfList, PartyField, SendForm, TextField, Tick } from './form-fields.tsx';

type Text = 'party' | 'tokensOf' | 'locations' | 'evses' | 'from' | 'until';
type Form = Record<Text, string> & { right: 'see' | 'control'; stateOfCharge: boolean };
const empty: Form = { party: '', right: 'see', tokensOf: '', locations: '', evses: '', from: '', until: '', stateOfCharge: false };

/** The body of the request for a contract; what is empty is left out. */
function bodyOf({ party, right, tokensOf, locations, evses, from, until, stateOfCharge }: Form) {
  const named = {
    tokens_of: tokensOf === '' ? undefined : tokensOf,
    locations: namesOfList(locations),
    evses: namesOfList(evses),
    from: momentOf(from),
    until: momentOf(until),
    state_of_charge: stateOfCharge || undefined,
  };
  return { party, may: right === 'see' ? ['see'] : ['see', 'control'], ...named };
}

/** Adds a contract: which party may see or control which sessions, and for how long. */
export function ContractForm({ onDone }: { onDone(): void }) {
  const texts = accessText().access.contract;
  const isAdmin = useHasRole('admin');
  const { sent, sending, send } = useSend(onDone);
  const [form, setForm] = useState(empty);
  const field = (name: Text) => ({
    value: form[name],
    onChange: (value: string) => setForm({ ...form, [name]: value }),
  });
  const add = async () => {
    const added = await send('contracts', { method: 'POST', body: bodyOf(form) }, texts.added);
    if (added) setForm(empty);
  };
  return (
    <>
      <SendForm submit={texts.submit} disabled={sending || !isAdmin} onSubmit={() => void add()}>
        <PartyField name={texts.party} required {...field('party')} />
        <Choice name={texts.rights} value={form.right} choices={{ see: texts.see, control: texts.control }} onChange={(right) => setForm({ ...form, right })} />
        <PartyField name={texts.tokensOf} {...field('tokensOf')} />
        <TextField name={texts.locations} {...field('locations')} />
        <TextField name={texts.evses} {...field('evses')} />
        <p class="small soft">{texts.scopeHelp}</p>
        <MomentField name={texts.from} {...field('from')} />
        <MomentField name={texts.until} {...field('until')} />
        <Tick checked={form.stateOfCharge} onChange={(stateOfCharge) => setForm({ ...form, stateOfCharge })}>
          {texts.stateOfCharge}
        </Tick>
      </SendForm>
      <AnswerNotice answer={sent?.answer} success={sent?.success ?? ''} />
    </>
  );
}
