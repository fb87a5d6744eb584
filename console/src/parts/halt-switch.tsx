import { useState } from 'preact/hooks';
import { changeText } from '../data/acts.ts';
import { type ApiAnswer, callApi, segment } from '../data/api-client.ts';
import type { SteeringView } from '../data/console-api-types.ts';
import { announceAct } from '../data/last-act.ts';
import { powerText } from '../data/quantity.ts';
import { useHasRole, useUser } from '../data/signed-in-user.ts';
import { text } from '../text/text.ts';
import { Confirm } from './confirm.tsx';
import { ReasonField } from './end-field.tsx';

type PartyView = SteeringView['parties'][number];

interface HaltSwitchProps {
  party: string;
  halted: boolean;
  /** What the party steers now; undefined: nothing, or not known yet. */
  view: PartyView | undefined;
  onActed(answer: ApiAnswer<unknown>): void;
  onResume?(): void;
}

/** Halts a party or lets it go on. A halt says before which limits will rise, and by how much. */
export function HaltSwitch({ party, halted, view, onActed, onResume }: HaltSwitchProps) {
  const texts = text().steering;
  const { done } = text().acts;
  const user = useUser();
  const mayOperate = useHasRole('operate');
  const [reason, setReason] = useState('');
  const send = async (how: 'halt' | 'resume') => {
    if (how === 'resume') onResume?.();
    const path = (to: string) => `parties/${segment(party)}/${to}`;
    const answer = await callApi(path(how), { method: 'POST', query: { reason: reason.trim() } });
    const says = how === 'halt' ? done.halted(user.name, party) : done.resumed(user.name, party);
    if (answer.ok) announceAct(says, { method: 'POST', path: path(how === 'halt' ? 'resume' : 'halt'), query: {} });
    setReason('');
    onActed(answer);
  };
  const help = <ReasonField value={reason} onChange={setReason} />;
  return halted ? (
    <Confirm label={texts.resumeOf(party)} disabled={!mayOperate} onConfirm={() => void send('resume')}>
      <div class="stack">
        <p>{texts.resumeHelp(party)}</p>
        {help}
      </div>
    </Confirm>
  ) : (
    <Confirm label={texts.haltOf(party)} danger disabled={!mayOperate} onConfirm={() => void send('halt')}>
      <div class="stack">
        <p>{texts.haltHelp(party)}</p>
        {view && <Rises it={view} />}
        {help}
      </div>
    </Confirm>
  );
}

/** So many sessions are named before a halt; the sum has all. */
const NAMED = 8;

function Rises({ it: { sessions, without } }: { it: PartyView }) {
  const texts = text().steering;
  const { preview } = text().acts;
  const rising = sessions.filter(({ steers, limit, without: to }) => steers && (to.w ?? to.a ?? 0) > (limit.w ?? limit.a ?? 0));
  if (rising.length === 0) return <p>{texts.noneRises}</p>;
  return (
    <>
      <p>{texts.willRise}</p>
      <ul>
        {rising.slice(0, NAMED).map(({ session, name, limit, without: to }) => (
          <li key={session}>{changeText(name, limit, to)}</li>
        ))}
        {rising.length > NAMED && <li>{preview.more(rising.length - NAMED)}</li>}
      </ul>
      <p>{texts.together(powerText(without.rises))}</p>
    </>
  );
}
