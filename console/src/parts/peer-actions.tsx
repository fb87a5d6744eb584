import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi, segment } from '../data/api-client.ts';
import type { PeerDetail } from '../data/console-api-types.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Confirm } from './confirm.tsx';
import { Card } from './page.tsx';

/** The actions on a peer: halt and resume its parties (the kill switch), rotate the tokens, end the registration. */
export function PeerActions({ peer, onDone }: { peer: PeerDetail; onDone(): void }) {
  const mayOperate = useHasRole('operate');
  const isAdmin = useHasRole('admin');
  const [result, setResult] = useState<{ answer: ApiAnswer<unknown>; success: string } | undefined>(undefined);
  const path = `peers/${segment(peer.id)}`;
  const post = async (target: string, success: string) => {
    const answer = await callApi(target, { method: 'POST' });
    setResult({ answer, success });
    onDone();
  };
  const parties = [...new Set([...peer.roles.map((it) => `${it.country_code}*${it.party_id}`), ...peer.halted])];
  const registered = peer.status === 'REGISTERED';
  return (
    <Card title="Actions" note={isAdmin ? undefined : 'rotate and unregister need the role admin'}>
      <div class="row">
        {parties.map((party) =>
          peer.halted.includes(party) ? (
            <Confirm
              key={party}
              label={`Resume party ${party}`}
              disabled={!mayOperate}
              onConfirm={() => post(`parties/${segment(party)}/resume`, `${party} may steer again.`)}
            >
              This node accepts charging profiles of {party} again.
            </Confirm>
          ) : (
            <Confirm
              key={party}
              label={`Halt party ${party}`}
              danger
              disabled={!mayOperate}
              onConfirm={() => post(`parties/${segment(party)}/halt`, `${party} is halted.`)}
            >
              Kill switch: this node refuses charging profiles of {party} from now on and clears those that it has set. The party stays registered.
            </Confirm>
          ),
        )}
        <Confirm label="Rotate tokens" disabled={!isAdmin || !registered} onConfirm={() => post(`${path}/rotate`, 'Both sides have new tokens.')}>
          Both sides get new tokens. The old ones stop working within a minute.
        </Confirm>
        <Confirm
          label="Unregister"
          danger
          disabled={!isAdmin || peer.status === 'UNREGISTERED'}
          onConfirm={() => post(`${path}/unregister`, 'The registration has ended. Its charging profiles are being cleared.')}
        >
          The registration with {peer.id} ends, and its charging profiles are cleared. To connect again, it needs a new invitation.
        </Confirm>
      </div>
      {result && (
        <div class="after">
          <AnswerNotice answer={result.answer} success={result.success} />
        </div>
      )}
    </Card>
  );
}
