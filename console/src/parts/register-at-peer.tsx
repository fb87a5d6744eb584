import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { PeerView } from '../data/api-types.ts';
import { registrationErrorText } from '../data/error-text.ts';
import { text } from '../text/text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Badge } from './badge.tsx';
import { Link } from './link.tsx';
import { WizardStep } from './wizard-step.tsx';

/** Registers at a peer in two steps: enter its invitation, see what its platform answers. */
export function RegisterAtPeer() {
  const texts = text().connect;
  const [invitation, setInvitation] = useState({ versions_url: '', token: '' });
  const [answer, setAnswer] = useState<ApiAnswer<{ registered: PeerView }> | undefined>(undefined);
  const [sending, setSending] = useState(false);
  const peer = answer?.ok ? answer.value.registered : undefined;
  const register = async (event: Event) => {
    event.preventDefault();
    setSending(true);
    setAnswer(await callApi('peers', { method: 'POST', body: invitation }));
    setSending(false);
  };
  return (
    <ol class="stack">
      <WizardStep number={1} name={texts.invitation} state={peer ? 'done' : 'now'}>
        <form class="form" onSubmit={register}>
          <label class="field">
            <span>{texts.versionsUrl}</span>
            <input
              class="input mono"
              type="url"
              required
              placeholder={texts.urlExample}
              value={invitation.versions_url}
              onInput={(event) => setInvitation({ ...invitation, versions_url: event.currentTarget.value.trim() })}
            />
          </label>
          <label class="field">
            <span>{texts.token}</span>
            <input
              class="input mono"
              required
              autoComplete="off"
              spellcheck={false}
              value={invitation.token}
              onInput={(event) => setInvitation({ ...invitation, token: event.currentTarget.value.trim() })}
            />
          </label>
          <div class="row">
            <button type="submit" class="button first" disabled={sending || peer !== undefined}>
              {sending ? texts.registering : texts.register}
            </button>
          </div>
        </form>
      </WizardStep>
      <WizardStep number={2} name={texts.registration} state={peer ? 'done' : sending ? 'wait' : answer ? 'now' : 'later'}>
        {!sending && !answer && <p class="small soft">{texts.answerLater}</p>}
        {sending && (
          <p class="said" role="status">
            {texts.progress}
          </p>
        )}
        {!sending && <AnswerNotice answer={answer} success={texts.registered} textOf={registrationErrorText} />}
        {peer && (
          <p class="row after">
            <Badge value={peer.status} /> {texts.summary(peer.edition ?? '', peer.modules.length)}{' '}
            <Link to={['parties', peer.id]}>{texts.openPeer(peer.id)}</Link>
          </p>
        )}
      </WizardStep>
    </ol>
  );
}
