import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi, segment } from '../data/api-client.ts';
import type { CommandResult, StationDetail } from '../data/console-api-types.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { text } from '../text/text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Card } from './page.tsx';

/** Buttons that ask a station for its abilities or for one of its messages, and what it answered. */
export function StationCommands({ station: { id, online, evses }, onDone }: { station: StationDetail; onDone(): void }) {
  const { commands, commandsNote, askAbilities, trigger, triggerWhat, everyEvse } = text().stationLog;
  const names = Object.entries(text().stationLog.messages);
  const may = useHasRole('operate') && online;
  const [message, setMessage] = useState(names[1]?.[0] ?? '');
  const [evse, setEvse] = useState('');
  const [answer, setAnswer] = useState<ApiAnswer<CommandResult> | undefined>(undefined);
  const send = async (path: string, body?: object) => {
    setAnswer(undefined);
    setAnswer(await callApi<CommandResult>(`stations/${segment(id)}/${path}`, { method: 'POST', ...(body && { body }) }));
    onDone();
  };
  return (
    <Card title={commands} note={commandsNote}>
      <div class="stack">
        <div class="row">
          <button type="button" class="button" disabled={!may} onClick={() => void send('abilities')}>
            {askAbilities}
          </button>
          <select class="input" aria-label={triggerWhat} value={message} onChange={(event) => setMessage(event.currentTarget.value)}>
            {names.map(([it, name]) => (
              <option key={it} value={it}>
                {name}
              </option>
            ))}
          </select>
          {evses.length > 1 && (
            <select class="input" aria-label={text().station.columns.evses} value={evse} onChange={(event) => setEvse(event.currentTarget.value)}>
              <option value="">{everyEvse}</option>
              {evses.map(({ uid }) => (
                <option key={uid} value={uid}>
                  {uid}
                </option>
              ))}
            </select>
          )}
          <button type="button" class="button" disabled={!may} onClick={() => void send('trigger', { message, ...(evse !== '' && { evse }) })}>
            {trigger}
          </button>
        </div>
        <AnswerNotice answer={answer} success={answer?.ok ? resultText(answer.value) : ''} />
      </div>
    </Card>
  );
}

function resultText({ answered, status = '?', reason = '?' }: CommandResult): string {
  const { stated, answeredWith, noAnswer } = text().stationLog;
  if (!answered) return noAnswer(reason);
  return status.toUpperCase() === 'STATED' ? stated : answeredWith(status);
}
