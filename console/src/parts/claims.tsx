import type { Listed } from '../data/api-types.ts';
import type { AlarmView, TokenClaimView } from '../data/console-api-types.ts';
import { useResource } from '../data/resource.ts';
import { useSend } from '../data/send.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { accessText } from '../text/access-text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Confirm } from './confirm.tsx';
import { Card, Empty, Loaded } from './page.tsx';
import { Table } from './table.tsx';
import { Time } from './time.tsx';

/** Tokens and parties that are held until an admin approves them. */
export const Claims = () => (
  <>
    {!useHasRole('admin') && <p class="said">{accessText().access.needsAdmin}</p>}
    <TokenClaims />
    <PartyClaims />
  </>
);

function TokenClaims() {
  const texts = accessText().access.claims;
  const isAdmin = useHasRole('admin');
  const claims = useResource<Listed<TokenClaimView>>('tokens/claims', undefined, { everySeconds: 30 });
  const { sent, send } = useSend(claims.reload);
  const approve = ({ id }: TokenClaimView) => void send(`tokens/claims/${id}/approve`, { method: 'POST' }, texts.approved);
  return (
    <Card title={texts.tokens} note={texts.tokensNote}>
      <Loaded of={claims}>
        {({ items }) =>
          items.length === 0 ? (
            <Empty what={texts.noTokens} />
          ) : (
            <Table
              name={texts.tokens}
              rows={items}
              idOf={(it) => String(it.id)}
              columns={[
                { name: texts.token, show: (it) => <span class="mono">{it.uid}</span> },
                { name: texts.type, show: (it) => it.type },
                { name: texts.party, show: (it) => it.party },
                { name: texts.owner, show: (it) => it.owner ?? '–' },
                {
                  name: accessText().access.actions,
                  show: (it) => (
                    <Confirm label={texts.approve} slim disabled={!isAdmin} onConfirm={() => approve(it)}>
                      {texts.approveToken(it.party)}
                    </Confirm>
                  ),
                },
              ]}
            />
          )
        }
      </Loaded>
      <AnswerNotice answer={sent?.answer} success={sent?.success ?? ''} />
    </Card>
  );
}

/** Held parties are alarms: each carries the request that approves it. */
const approvalOf = ({ mend }: AlarmView) => mend.find(({ action }) => action === 'approve-party')?.request;

function PartyClaims() {
  const texts = accessText().access.claims;
  const isAdmin = useHasRole('admin');
  const alarms = useResource<{ items: AlarmView[] }>('alarms', undefined, { everySeconds: 10, refreshOn: ({ kind }) => kind === 'alarm' });
  const { sent, send } = useSend(alarms.reload);
  const approve = (path: string) => void send(path, { method: 'POST' }, texts.approved);
  return (
    <Card title={texts.roles} note={texts.rolesNote}>
      <Loaded of={alarms}>
        {({ items }) => {
          const held = items.flatMap((alarm) => {
            const request = approvalOf(alarm);
            return request ? [{ ...alarm, path: request.path }] : [];
          });
          if (held.length === 0) return <Empty what={texts.noRoles} />;
          return (
            <Table
              name={texts.roles}
              rows={held}
              idOf={(it) => it.key}
              columns={[
                { name: texts.peer, show: (it) => it.peer },
                { name: texts.party, show: (it) => it.party },
                { name: texts.since, show: (it) => <Time at={it.first_seen} /> },
                {
                  name: accessText().access.actions,
                  show: (it) => (
                    <Confirm label={texts.approve} slim disabled={!isAdmin} onConfirm={() => approve(it.path)}>
                      {texts.approveParty(it.peer ?? '', it.party ?? '')}
                    </Confirm>
                  ),
                },
              ]}
            />
          );
        }}
      </Loaded>
      <AnswerNotice answer={sent?.answer} success={sent?.success ?? ''} />
    </Card>
  );
}
