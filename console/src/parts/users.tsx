import { useState } from 'preact/hooks';
import { segment } from '../data/api-client.ts';
import type { UserView } from '../data/console-api-types.ts';
import { labelOf } from '../data/labels.ts';
import { useResource } from '../data/resource.ts';
import { useSend } from '../data/send.ts';
import { useUser } from '../data/signed-in-user.ts';
import { accessText } from '../text/access-text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Confirm } from './confirm.tsx';
import { RoleField, SendForm, TextField, Tick } from './form-fields.tsx';
import { Card, Empty, Loaded } from './page.tsx';
import { Secrets, type ShownOnce } from './secrets.tsx';
import { Table } from './table.tsx';
import { Time } from './time.tsx';

const EMPTY: Pick<UserView, 'name' | 'role' | 'totp'> = { name: '', role: 'view', totp: false };

/** The users of the console: the list, and a form that adds one. The node makes the password and shows it once. */
export function Users() {
  const texts = accessText().access;
  const users = useResource<{ items: UserView[] }>('users');
  const { sent, sending, send } = useSend(users.reload);
  const [form, setForm] = useState(EMPTY);
  const [secrets, setSecrets] = useState<ShownOnce[]>([]);
  const add = async () => {
    const name = form.name.trim();
    const added = await send<{ password: string; otpauth?: string }>('users', { method: 'POST', body: { ...form, name } }, texts.users.added);
    if (!added) return;
    const { password, otpauth } = added;
    const code = otpauth === undefined ? [] : [{ name: texts.users.otpauth(name), value: otpauth }];
    setSecrets([{ name: texts.users.secret(name), value: password }, ...code]);
    setForm(EMPTY);
  };
  const newPassword = async ({ id, name }: UserView) => {
    const changed = await send<{ password: string }>(`users/${segment(id)}/password`, { method: 'POST' }, texts.users.passwordSet);
    setSecrets(changed ? [{ name: texts.users.secret(name), value: changed.password }] : []);
  };
  const remove = ({ id }: UserView) => {
    setSecrets([]);
    void send(`users/${segment(id)}`, { method: 'DELETE' }, texts.users.removed);
  };
  return (
    <>
      <Card title={texts.users.add}>
        <SendForm submit={texts.users.submit} disabled={sending} onSubmit={() => void add()}>
          <TextField name={texts.name} required maxLength={64} value={form.name} onChange={(name) => setForm({ ...form, name })} />
          <RoleField name={texts.role} value={form.role} onChange={(role) => setForm({ ...form, role })} />
          <Tick checked={form.totp} onChange={(totp) => setForm({ ...form, totp })}>
            {texts.users.totp}
          </Tick>
        </SendForm>
        <AnswerNotice answer={sent?.answer} success={sent?.success ?? ''} />
        <Secrets of={secrets} onHide={() => setSecrets([])} />
      </Card>
      <Card title={texts.tabs.users} note={texts.users.note}>
        <Loaded of={users}>
          {({ items }) =>
            items.length === 0 ? <Empty what={texts.users.none} /> : <UserTable users={items} onPassword={(it) => void newPassword(it)} onRemove={remove} />
          }
        </Loaded>
      </Card>
    </>
  );
}

interface UserTableProps {
  users: readonly UserView[];
  onPassword(user: UserView): void;
  onRemove(user: UserView): void;
}
function UserTable({ users, onPassword, onRemove }: UserTableProps) {
  const texts = accessText().access;
  const me = useUser();
  const isMe = ({ name }: UserView) => me.via !== 'key' && name === me.name;
  return (
    <Table
      name={texts.tabs.users}
      rows={users}
      idOf={(it) => it.id}
      columns={[
        { name: texts.name, show: (it) => (isMe(it) ? `${it.name} (${texts.users.you})` : it.name) },
        { name: texts.role, show: (it) => labelOf(it.role) },
        { name: texts.users.signIn, show: (it) => (it.totp ? texts.users.withCode : texts.users.ways[it.via]) },
        { name: texts.created, show: (it) => <Time at={it.created_at} /> },
        {
          name: texts.actions,
          show: (it) => (
            <span class="row">
              {it.via === 'password' && !isMe(it) && (
                <Confirm label={texts.users.password} slim onConfirm={() => onPassword(it)}>
                  {texts.users.passwordHelp(it.name)}
                </Confirm>
              )}
              <Confirm label={texts.users.remove} slim danger disabled={isMe(it)} onConfirm={() => onRemove(it)}>
                {texts.users.removeHelp(it.name)}
              </Confirm>
            </span>
          ),
        },
      ]}
    />
  );
}
