import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import { useResource } from '../data/resource.ts';
import type { PeerView } from '../data/api-types.ts';
import { Copyable } from './copyable.tsx';
import { Link } from './link.tsx';
import { AnswerNotice } from './answer-notice.tsx';
import { WizardStep } from './wizard-step.tsx';

interface Invited {
  invited: { party: string; token: string; versions_url: string };
}
const ROLES = ['EMSP', 'CPO', 'SCSP', 'HUB', 'NSP', 'NAP', 'PTP', 'OTHER'];

/** Three steps: who it is, what to hand over, and waiting until it has registered. */
export function InvitePeer() {
  const [who, setWho] = useState({ role: 'EMSP', country_code: 'NL', party_id: '' });
  const [answer, setAnswer] = useState<ApiAnswer<Invited> | undefined>(undefined);
  const [asking, setAsking] = useState(false);
  const invited = answer?.ok ? answer.value.invited : undefined;
  const peers = useResource<{ items: PeerView[] }>(invited ? 'peers' : undefined, undefined, { everySeconds: 2 });
  const came =
    invited &&
    peers.value?.items.find(
      (it) => it.status === 'REGISTERED' && it.roles.some((role) => `${role.country_code}*${role.party_id}` === invited.party || it.id === invited.party),
    );
  const invite = async (event: Event) => {
    event.preventDefault();
    setAsking(true);
    setAnswer(await callApi<Invited>('peers', { method: 'POST', body: who }));
    setAsking(false);
  };
  return (
    <ol class="stack">
      <WizardStep number={1} name="Who registers" state={invited ? 'done' : 'now'}>
        <form class="form" onSubmit={invite}>
          <div class="row">
            <label class="field">
              <span>Role</span>
              <select class="input" value={who.role} disabled={Boolean(invited)} onChange={(event) => setWho({ ...who, role: event.currentTarget.value })}>
                {ROLES.map((it) => (
                  <option key={it}>{it}</option>
                ))}
              </select>
            </label>
            <CodeField
              name="Country code"
              size={2}
              value={who.country_code}
              disabled={Boolean(invited)}
              onChange={(country_code) => setWho({ ...who, country_code })}
            />
            <CodeField name="Party id" size={3} value={who.party_id} disabled={Boolean(invited)} onChange={(party_id) => setWho({ ...who, party_id })} />
          </div>
          <div class="row">
            <button type="submit" class="button first" disabled={asking || Boolean(invited)}>
              Invite
            </button>
          </div>
          <AnswerNotice answer={answer} good="Invited. The token below is shown once." />
        </form>
      </WizardStep>
      <WizardStep number={2} name="Hand this over on a safe channel" state={invited ? (came ? 'done' : 'now') : 'later'}>
        {!invited && <p class="small soft">A versions URL and a token that is good for one registration; both can be copied.</p>}
        {invited && (
          <div class="form">
            <Copyable name="Versions URL" value={invited.versions_url} />
            <Copyable name="Token (TOKEN_A), good for one registration" value={invited.token} />
          </div>
        )}
      </WizardStep>
      <WizardStep number={3} name="They register" state={came ? 'done' : invited ? 'wait' : 'later'}>
        {came ? (
          <p class="said good" role="status">
            {came.id} is registered with OCPI {came.edition}. <Link to={['parties', came.id]}>See the party</Link>
          </p>
        ) : (
          invited && (
            <p class="said" role="status">
              Waiting for {invited.party} to register; this page sees it by itself. It may be left: the party stays in the list as invited.
            </p>
          )
        )}
      </WizardStep>
    </ol>
  );
}

interface CodeFieldProps {
  name: string;
  size: number;
  value: string;
  disabled: boolean;
  onChange(value: string): void;
}
const CodeField = ({ name, size, value, disabled, onChange }: CodeFieldProps) => (
  <label class="field">
    <span>{name}</span>
    <input
      class="input narrow"
      required
      maxLength={size}
      minLength={size}
      pattern={`[A-Za-z0-9]{${size}}`}
      title={`${size} letters or digits`}
      autoComplete="off"
      value={value}
      disabled={disabled}
      onInput={(event) => onChange(event.currentTarget.value.toUpperCase())}
    />
  </label>
);
