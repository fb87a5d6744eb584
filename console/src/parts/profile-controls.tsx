import { useState } from 'preact/hooks';
import { useActPreview } from '../data/act-preview.ts';
import { endInWords, pauseQuestion, pausingLimit } from '../data/acts.ts';
import { type ApiAnswer, callApi, segment } from '../data/api-client.ts';
import type { ExchangeView, SessionView } from '../data/api-types.ts';
import type { ActPreview, UndoRequest } from '../data/console-api-types.ts';
import { announceAct } from '../data/last-act.ts';
import { nodeNow } from '../data/node-clock.ts';
import type { ProfileDraft } from '../data/profile-draft.ts';
import { problemOf, requestBodyOf } from '../data/profile-periods.ts';
import { type EvseRating, limitText, listText } from '../data/quantity.ts';
import { useHasRole, useUser } from '../data/signed-in-user.ts';
import { text } from '../text/text.ts';
import { ActPreview as PreviewOfAct } from './act-preview.tsx';
import { Confirm, Question } from './confirm.tsx';
import { minutesUntil } from './end-field.tsx';
import { Card } from './page.tsx';
import { ProfileForm } from './profile-form.tsx';
import { RequestOutcome } from './request-outcome.tsx';

/** Seconds that the page waits for the station's answer in the same response. */
const WAIT_S = 60;
/** Seconds that a get asks for. */
const AHEAD_S = 3600;

type RequestKind = 'set' | 'get' | 'clear';

type SetMode = 'replace' | 'lower-only';

/** What becomes of the profiles of other parties, before anything is sent; only at own stations they can stay. */
function ModeChoice({
  parties,
  own,
  mode,
  onChoose,
}: {
  parties: readonly string[];
  own: boolean;
  mode: SetMode | undefined;
  onChoose: (mode: SetMode) => void;
}) {
  const texts = text().profile.mode;
  const names = listText(parties);
  return (
    <fieldset class="stack choice">
      <legend class="small soft">{texts.legend(names)}</legend>
      <label class="row small">
        <input type="radio" name="mode" checked={mode === 'replace'} onChange={() => onChoose('replace')} />
        <span>{texts.replace(names)}</span>
      </label>
      {own && (
        <label class="row small">
          <input type="radio" name="mode" checked={mode === 'lower-only'} onChange={() => onChoose('lower-only')} />
          <span>{texts.lowerOnly(names)}</span>
        </label>
      )}
    </fieldset>
  );
}

type Sent = { kind: RequestKind; answer: ApiAnswer<ExchangeView> };

/** Sets, gets and clears the charging profile of a running session: says before what a set does, and offers to undo it afterwards. */
export function ProfileControls({ session, draft, rating }: { session: SessionView; draft: ProfileDraft; rating: EvseRating | undefined }) {
  const texts = text().profile;
  const [mode, setMode] = useState<SetMode | undefined>(undefined);
  const [reason, setReason] = useState('');
  const [asks, setAsks] = useState<string | undefined>(undefined);
  const { state } = draft;
  const { replaces } = session.combination;
  const decided = replaces.length === 0 ? undefined : mode;
  const { running, done, set, get, clear } = useProfileRequests(session, draft, { mode: decided, reason, onSet: () => setReason('') });
  const problem = problemOf(state.periods, minutesUntil(state)) ?? (replaces.length > 0 && mode === undefined ? texts.mode.undecided : undefined);
  const preview = useActPreview(
    problem === undefined ? { path: `${pathOf(session)}/preview`, query: { mode: decided }, body: previewedBody(state) } : undefined,
  );
  const ask = () => {
    const limits = state.periods.map(({ limit }) => limit);
    const pausing = pausingLimit(limits, state.unit, rating);
    if (pausing === undefined) void set();
    else setAsks(pauseQuestion(pausing, state.unit, session.session.evse_uid));
  };

  if (!useHasRole('operate')) return <Card title={texts.card}>{texts.viewOnly}</Card>;
  return (
    <Card title={texts.setCard}>
      {replaces.length > 0 && <ModeChoice parties={replaces} own={session.side === 'own'} mode={mode} onChoose={setMode} />}
      <ProfileForm
        draft={draft}
        rating={rating}
        problem={problem}
        busy={running !== undefined}
        reason={reason}
        onReason={setReason}
        preview={problem === undefined && <PreviewOfAct answer={preview} />}
        onSend={ask}
      />
      {asks !== undefined && (
        <Question title={text().acts.pause.title} yes={text().acts.pause.yes} danger onYes={() => void set()} onClose={() => setAsks(undefined)}>
          {asks}
        </Question>
      )}
      <GetAndClear own={session.side === 'own'} busy={running !== undefined} onGet={get} onClear={clear} />
      {running !== undefined && (
        <p class="said" role="status">
          {texts.waits(texts.progress[running], WAIT_S)}
        </p>
      )}
      {done && <RequestOutcome kind={done.kind} answer={done.answer} rating={rating} />}
    </Card>
  );
}

const pathOf = ({ key }: SessionView) => `sessions/${segment(key)}/charging-profile`;

/** The draft for a preview: in whole minutes, so that it is not requested again each second. */
function previewedBody(state: ProfileDraft['state']): object {
  const [minutes, now] = [minutesUntil(state), Math.floor(nodeNow() / 60) * 60];
  return requestBodyOf(state.periods, { unit: state.unit, minutes: minutes && Math.ceil(minutes), now });
}

interface SetOptions {
  mode: SetMode | undefined;
  reason: string;
  onSet(): void;
}

/** The requests about the profile of a session. Before an act it is read what would undo it; afterwards the act is announced. */
function useProfileRequests(session: SessionView, draft: ProfileDraft, { mode, reason, onSet }: SetOptions) {
  const [running, setRunning] = useState<RequestKind | undefined>(undefined);
  const [done, setDone] = useState<Sent | undefined>(undefined);
  const announce = useAnnouncement(session);
  const path = pathOf(session);
  const query = { wait: WAIT_S, reason: reason.trim() };
  const undoOf = async (body: object) => {
    const before = await callApi<ActPreview>(`${path}/preview`, { method: 'POST', body, query: { mode } });
    return before.ok ? before.value.undo : undefined;
  };
  async function send(kind: RequestKind, request: () => Promise<ApiAnswer<ExchangeView>>): Promise<boolean> {
    setRunning(kind);
    setDone(undefined);
    const answer = await request();
    setRunning(undefined);
    setDone({ kind, answer });
    return answer.ok;
  }
  return {
    running,
    done,
    set: async () => {
      const { state } = draft;
      const minutes = minutesUntil(state);
      const body = requestBodyOf(state.periods, { unit: state.unit, minutes, now: nodeNow() });
      const undo = await undoOf(body);
      if (!(await send('set', () => callApi(path, { method: 'PUT', body, query: { ...query, mode } })))) return;
      announce(limitedText(state, minutes), undo);
      draft.reset();
      onSet();
    },
    get: () => void send('get', () => callApi(`sessions/${segment(session.key)}/active-charging-profile`, { query: { wait: WAIT_S, duration: AHEAD_S } })),
    clear: async () => {
      const undo = await undoOf({ clear: 'all' });
      if (await send('clear', () => callApi(path, { method: 'DELETE', query }))) announce(undefined, undo);
    },
  };
}

function GetAndClear({ own, busy, onGet, onClear }: { own: boolean; busy: boolean; onGet(): void; onClear(): void }) {
  const texts = text().profile;
  return (
    <div class="row act">
      <button type="button" class="button" disabled={busy} onClick={onGet}>
        {texts.get}
      </button>
      <Confirm label={texts.clear} disabled={busy} onConfirm={onClear}>
        {own ? texts.clearOwn : texts.clearRemote}
      </Confirm>
    </div>
  );
}

/** The limit of a draft for the bar: "8 A until 10:44". */
function limitedText({ periods, unit }: ProfileDraft['state'], minutes: number | undefined): string {
  const first = limitText(periods[0]?.limit ?? 0, unit);
  return `${periods.length > 1 ? text().acts.done.periods(first, periods.length) : first}${endInWords(minutes)}`;
}

/** Announces a set (with its limit) or a clear of the session in the bar with undo. */
function useAnnouncement({ session: { evse_uid: name } }: SessionView) {
  const user = useUser();
  return (limit: string | undefined, undo: UndoRequest | undefined) => {
    const { limited, cleared } = text().acts.done;
    announceAct(limit === undefined ? cleared(user.name, name) : limited(user.name, name, limit), undo);
  };
}
