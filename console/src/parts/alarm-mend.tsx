import { useState } from 'preact/hooks';
import { pageOf } from '../data/alarm-groups.ts';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { AlarmView } from '../data/console-api-types.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { text } from '../text/text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Confirm } from './confirm.tsx';
import { Link } from './link.tsx';

type Mend = AlarmView['mend'][number];
/** Acts that a person confirms first. */
const ASKED: ReadonlySet<Mend['action']> = new Set(['clear-profile', 'halt-party', 'approve-token', 'approve-party']);
const FOR_ADMINS: ReadonlySet<Mend['action']> = new Set(['approve-token', 'approve-party']);

/** The buttons of an alarm: what mends it, and the acknowledgement. */
export function AlarmMend({ alarm, onDone }: { alarm: AlarmView; onDone(): void }) {
  const texts = text().alarm;
  const [mayOperate, mayAdmin] = [useHasRole('operate'), useHasRole('admin')];
  const [result, setResult] = useState<{ answer: ApiAnswer<unknown>; success: string } | undefined>(undefined);
  const send = async (method: 'GET' | 'POST' | 'DELETE', path: string, success: string) => {
    setResult({ answer: await callApi(path, { method }), success });
    onDone();
  };
  return (
    <>
      <div class="row alarm-acts">
        {alarm.mend.map((mend) => {
          const { action, request, command } = mend;
          const label = texts.actions[action];
          const page = pageOf(action, alarm);
          if (page)
            return (
              <Link key={action} {...page} class="button slim">
                {label}
              </Link>
            );
          if (!request) return command === undefined ? null : <code key={action}>{command}</code>;
          const isAllowed = FOR_ADMINS.has(action) ? mayAdmin : mayOperate;
          const act = () => void send(request.method, request.path, texts.sent);
          if (!ASKED.has(action))
            return (
              <button key={action} type="button" class="button slim" disabled={!isAllowed} onClick={act}>
                {label}
              </button>
            );
          return (
            <Confirm key={action} label={label} slim danger={action === 'halt-party'} disabled={!isAllowed} onConfirm={act}>
              {texts.help[action]}
            </Confirm>
          );
        })}
        {!alarm.acknowledged && (
          <button
            type="button"
            class="button slim"
            disabled={!mayOperate}
            title={texts.acknowledgeHelp}
            onClick={() => void send('POST', `alarms/${encodeURIComponent(alarm.key)}/acknowledge`, texts.acknowledged)}
          >
            {texts.acknowledge}
          </button>
        )}
      </div>
      {result && <AnswerNotice answer={result.answer} success={result.success} />}
    </>
  );
}
