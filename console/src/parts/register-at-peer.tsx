import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { PeerView } from '../data/api-types.ts';
import { Badge } from './badge.tsx';
import { Link } from './link.tsx';
import { AnswerNotice } from './answer-notice.tsx';
import { WizardStep } from './wizard-step.tsx';

/** Two steps: what they gave us, and what their platform answered. */
export function RegisterAtPeer() {
  const [given, setGiven] = useState({ versions_url: '', token: '' });
  const [answer, setAnswer] = useState<ApiAnswer<{ registered: PeerView }> | undefined>(undefined);
  const [asking, setAsking] = useState(false);
  const peer = answer?.ok ? answer.value.registered : undefined;
  const register = async (event: Event) => {
    event.preventDefault();
    setAsking(true);
    setAnswer(await callApi('peers', { method: 'POST', body: given }));
    setAsking(false);
  };
  return (
    <ol class="stack">
      <WizardStep number={1} name="What they gave you" state={peer ? 'done' : 'now'}>
        <form class="form" onSubmit={register}>
          <label class="field">
            <span>Versions URL</span>
            <input
              class="input mono"
              type="url"
              required
              placeholder="https://ocpi.example.com/ocpi/versions"
              value={given.versions_url}
              onInput={(event) => setGiven({ ...given, versions_url: event.currentTarget.value.trim() })}
            />
          </label>
          <label class="field">
            <span>Token (TOKEN_A)</span>
            <input
              class="input mono"
              required
              autoComplete="off"
              spellcheck={false}
              value={given.token}
              onInput={(event) => setGiven({ ...given, token: event.currentTarget.value.trim() })}
            />
          </label>
          <div class="row">
            <button type="submit" class="button first" disabled={asking || peer !== undefined}>
              {asking ? 'Registering …' : 'Register'}
            </button>
          </div>
        </form>
      </WizardStep>
      <WizardStep number={2} name="Versions, details, credentials" state={peer ? 'done' : asking ? 'wait' : answer ? 'now' : 'later'}>
        {!asking && !answer && <p class="small soft">What their platform answers to each step stands here.</p>}
        {asking && (
          <p class="said" role="status">
            Reading their versions, choosing the newest that both speak, and exchanging credentials …
          </p>
        )}
        {!asking && <AnswerNotice answer={answer} good="Both sides have each other's credentials." />}
        {peer && (
          <p class="row after">
            <Badge word={peer.status} /> OCPI {peer.edition}, {peer.modules.length} endpoints. <Link to={['parties', peer.id]}>See {peer.id}</Link>
          </p>
        )}
      </WizardStep>
    </ol>
  );
}
