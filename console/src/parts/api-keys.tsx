import { useState } from 'preact/hooks';
import { segment } from '../data/api-client.ts';
import type { KeyView } from '../data/console-api-types.ts';
import { labelOf } from '../data/labels.ts';
import { useResource } from '../data/resource.ts';
import { useSend } from '../data/send.ts';
import { accessText } from '../text/access-text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Badge } from './badge.tsx';
import { Confirm } from './confirm.tsx';
import { RoleField, SendForm, TextField } from './form-fields.tsx';
import { Card, Empty, Loaded } from './page.tsx';
import { Secrets, type ShownOnce } from './secrets.tsx';
import { Table } from './table.tsx';
import { Time } from './time.tsx';

const EMPTY: Pick<KeyView, 'name' | 'scope'> = { name: '', scope: 'view' };

/** The keys to the operator API: the list, and a form that adds one. A key is shown once. */
export function ApiKeys() {
  const texts = accessText().access;
  const keys = useResource<{ items: KeyView[] }>('keys');
  const { sent, sending, send } = useSend(keys.reload);
  const [form, setForm] = useState(EMPTY);
  const [secrets, setSecrets] = useState<ShownOnce[]>([]);
  const add = async () => {
    const name = form.name.trim();
    const added = await send<{ key: string }>('keys', { method: 'POST', body: { ...form, name } }, texts.keys.added);
    if (!added) return;
    setSecrets([{ name: texts.keys.secret(name), value: added.key }]);
    setForm(EMPTY);
  };
  const revoke = ({ id }: KeyView) => {
    setSecrets([]);
    void send(`keys/${segment(id)}`, { method: 'DELETE' }, texts.keys.revoked);
  };
  return (
    <>
      <Card title={texts.keys.add}>
        <SendForm submit={texts.keys.submit} disabled={sending} onSubmit={() => void add()}>
          <TextField name={texts.name} required maxLength={64} value={form.name} onChange={(name) => setForm({ ...form, name })} />
          <RoleField name={texts.scope} value={form.scope} onChange={(scope) => setForm({ ...form, scope })} />
        </SendForm>
        <AnswerNotice answer={sent?.answer} success={sent?.success ?? ''} />
        <Secrets of={secrets} onHide={() => setSecrets([])} />
      </Card>
      <Card title={texts.tabs.keys} note={texts.keys.note}>
        <Loaded of={keys}>
          {({ items }) => (items.length === 0 ? <Empty what={texts.keys.none}>{texts.keys.noneHelp}</Empty> : <KeyTable keys={items} onRevoke={revoke} />)}
        </Loaded>
      </Card>
    </>
  );
}

function KeyTable({ keys, onRevoke }: { keys: readonly KeyView[]; onRevoke(key: KeyView): void }) {
  const texts = accessText().access;
  return (
    <Table
      name={texts.tabs.keys}
      rows={keys}
      idOf={(it) => it.id}
      columns={[
        { name: texts.name, show: (it) => it.name },
        { name: texts.scope, show: (it) => labelOf(it.scope) },
        { name: texts.created, show: (it) => <Time at={it.created_at} /> },
        {
          name: texts.status,
          show: (it) =>
            it.revoked_at === undefined ? (
              <Badge value="ACTIVE" />
            ) : (
              <>
                {texts.keys.revokedState} <Time at={it.revoked_at} />
              </>
            ),
        },
        {
          name: texts.actions,
          show: (it) =>
            it.revoked_at === undefined && (
              <Confirm label={texts.keys.revoke} slim danger onConfirm={() => onRevoke(it)}>
                {texts.keys.revokeHelp(it.name)}
              </Confirm>
            ),
        },
      ]}
    />
  );
}
