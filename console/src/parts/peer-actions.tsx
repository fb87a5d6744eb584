import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi, segment } from '../data/api-client.ts';
import type { PeerDetail } from '../data/console-api-types.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { Confirm } from './confirm.tsx';
import { Card } from './page.tsx';
import { AnswerNotice } from './answer-notice.tsx';

/** Renew the tokens, end the registration, and the switch that stops a party's requests at once. */
export function PeerActions({ peer, onDone }: { peer: PeerDetail; onDone(): void }) {
  const operate = useHasRole('operate');
  const admin = useHasRole('admin');
  const [said, say] = useState<{ answer: ApiAnswer<unknown>; good: string } | undefined>(undefined);
  const path = `peers/${segment(peer.id)}`;
  const act = async (line: string, good: string) => {
    const answer = await callApi(line, { method: 'POST' });
    say({ answer, good });
    onDone();
  };
  const parties = [...new Set([...peer.roles.map((it) => `${it.country_code}*${it.party_id}`), ...peer.halted])];
  const registered = peer.status === 'REGISTERED';
  return (
    <Card title="Act" note={admin ? undefined : 'rotating and unregistering need the role admin'}>
      <div class="row">
        {parties.map((party) =>
          peer.halted.includes(party) ? (
            <Confirm
              key={party}
              label={`Resume ${party}`}
              disabled={!operate}
              onConfirm={() => act(`parties/${segment(party)}/resume`, `${party} may steer again.`)}
            >
              Requests of {party} are taken again.
            </Confirm>
          ) : (
            <Confirm
              key={party}
              label={`Halt ${party}`}
              danger
              disabled={!operate}
              onConfirm={() => act(`parties/${segment(party)}/halt`, `${party} is halted.`)}
            >
              The kill switch: from now on every request of {party} is refused, and its profiles are taken back from the charge points. It stays registered.
            </Confirm>
          ),
        )}
        <Confirm label="Rotate tokens" disabled={!admin || !registered} onConfirm={() => act(`${path}/rotate`, 'Both sides have new tokens.')}>
          Both sides get new tokens; the old ones stop working. Nothing else changes.
        </Confirm>
        <Confirm
          label="Unregister"
          danger
          disabled={!admin || peer.status === 'UNREGISTERED'}
          onConfirm={() => act(`${path}/unregister`, 'The registration is over; its profiles are cleared within five seconds.')}
        >
          The registration with {peer.id} ends, and its profiles are cleared from the charge points. To connect again, it must be invited anew.
        </Confirm>
      </div>
      {said && (
        <div class="after">
          <AnswerNotice answer={said.answer} good={said.good} />
        </div>
      )}
    </Card>
  );
}
