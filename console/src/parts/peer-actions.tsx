import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi, segment } from '../data/api-client.ts';
import type { PeerDetail, SteeringView } from '../data/console-api-types.ts';
import { useResource } from '../data/resource.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { text } from '../text/text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Confirm } from './confirm.tsx';
import { HaltSwitch } from './halt-switch.tsx';
import { Card } from './page.tsx';

/** The actions on a peer: halt and resume its parties (the kill switch), rotate the tokens, end the registration. */
export function PeerActions({ peer, onDone }: { peer: PeerDetail; onDone(): void }) {
  const { actions } = text().peer;
  const isAdmin = useHasRole('admin');
  const board = useResource<SteeringView>('steering', undefined, { everySeconds: 10 });
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
    <Card title={actions.title} note={isAdmin ? undefined : actions.note}>
      <div class="row">
        {parties.map((party) => (
          <HaltSwitch
            key={party}
            party={party}
            halted={peer.halted.includes(party)}
            view={board.value?.parties.find((it) => it.party === party)}
            onActed={(answer) => {
              setResult({ answer, success: peer.halted.includes(party) ? actions.resumed(party) : actions.halted(party) });
              onDone();
            }}
          />
        ))}
        <Confirm label={actions.rotate} disabled={!isAdmin || !registered} onConfirm={() => post(`${path}/rotate`, actions.rotated)}>
          {actions.rotateHelp}
        </Confirm>
        <Confirm
          label={actions.unregister}
          danger
          disabled={!isAdmin || peer.status === 'UNREGISTERED'}
          onConfirm={() => post(`${path}/unregister`, actions.unregistered)}
        >
          {actions.unregisterHelp(peer.id)}
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
