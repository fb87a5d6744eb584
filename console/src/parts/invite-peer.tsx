import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { PeerView } from '../data/api-types.ts';
import { useResource } from '../data/resource.ts';
import { text } from '../text/text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Copyable } from './copyable.tsx';
import { Link } from './link.tsx';
import { WizardStep } from './wizard-step.tsx';

interface Invited {
  invited: { party: string; token: string; versions_url: string };
}
const ROLES = ['EMSP', 'CPO', 'SCSP', 'HUB', 'NSP', 'NAP', 'PTP', 'OTHER'];

/** Invites a peer in three steps: name its party, send it a token, wait for its registration. */
export function InvitePeer() {
  const texts = text().connect;
  const [party, setParty] = useState({ role: 'EMSP', country_code: 'NL', party_id: '' });
  const [answer, setAnswer] = useState<ApiAnswer<Invited> | undefined>(undefined);
  const [sending, setSending] = useState(false);
  const invited = answer?.ok ? answer.value.invited : undefined;
  const peers = useResource<{ items: PeerView[] }>(invited ? 'peers' : undefined, undefined, { everySeconds: 2 });
  const registered =
    invited &&
    peers.value?.items.find(
      (it) => it.status === 'REGISTERED' && it.roles.some((role) => `${role.country_code}*${role.party_id}` === invited.party || it.id === invited.party),
    );
  const invite = async (event: Event) => {
    event.preventDefault();
    setSending(true);
    setAnswer(await callApi<Invited>('peers', { method: 'POST', body: party }));
    setSending(false);
  };
  return (
    <ol class="stack">
      <WizardStep number={1} name={texts.party} state={invited ? 'done' : 'now'}>
        <form class="form" onSubmit={invite}>
          <div class="row">
            <label class="field">
              <span>{texts.role}</span>
              <select
                class="input"
                value={party.role}
                disabled={Boolean(invited)}
                onChange={(event) => setParty({ ...party, role: event.currentTarget.value })}
              >
                {ROLES.map((it) => (
                  <option key={it}>{it}</option>
                ))}
              </select>
            </label>
            <CodeField
              name={texts.country}
              size={2}
              value={party.country_code}
              disabled={Boolean(invited)}
              onChange={(country_code) => setParty({ ...party, country_code })}
            />
            <CodeField
              name={texts.partyId}
              size={3}
              value={party.party_id}
              disabled={Boolean(invited)}
              onChange={(party_id) => setParty({ ...party, party_id })}
            />
          </div>
          <div class="row">
            <button type="submit" class="button first" disabled={sending || Boolean(invited)}>
              {texts.invite}
            </button>
          </div>
          <AnswerNotice answer={answer} success={texts.invited} />
        </form>
      </WizardStep>
      <WizardStep number={2} name={texts.sendToken} state={invited ? (registered ? 'done' : 'now') : 'later'}>
        {!invited && <p class="small soft">{texts.tokenLater}</p>}
        {invited && (
          <div class="form">
            <Copyable name={texts.versionsUrl} value={invited.versions_url} />
            <Copyable name={texts.tokenOnce} value={invited.token} />
          </div>
        )}
      </WizardStep>
      <WizardStep number={3} name={texts.partyRegisters} state={registered ? 'done' : invited ? 'wait' : 'later'}>
        {registered ? (
          <p class="said good" role="status">
            {texts.isRegistered(registered.id, registered.edition ?? '')} <Link to={['parties', registered.id]}>{text().peer.open}</Link>
          </p>
        ) : (
          invited && (
            <p class="said" role="status">
              {texts.waiting(invited.party)}
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
      title={text().connect.codeHelp(size)}
      autoComplete="off"
      value={value}
      disabled={disabled}
      onInput={(event) => onChange(event.currentTarget.value.toUpperCase())}
    />
  </label>
);
