import { useEffect, useState } from 'preact/hooks';
import { type ApiAnswer, callApi, segment } from '../data/api-client.ts';
import type { ExchangeView, SessionView } from '../data/api-types.ts';
import { type AskedAct, useAskedAct } from '../data/asked-act.ts';
import { nodeNow } from '../data/node-clock.ts';
import type { ProfileDraft } from '../data/profile-draft.ts';
import { problemOf, requestBodyOf } from '../data/profile-periods.ts';
import { type EvseRating, listText } from '../data/quantity.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { text } from '../text/text.ts';
import { Confirm } from './confirm.tsx';
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

/** Fills the form with what the command palette was given. */
function fillIn(draft: ProfileDraft, asked: AskedAct | undefined): void {
  if (asked?.act !== 'set') return;
  const number = (name: string) => (/^\d{1,7}(\.\d{1,3})?$/.test(asked.query.get(name) ?? '') ? Number(asked.query.get(name)) : undefined);
  const [limit, minutes] = [number('limit'), number('minutes')];
  if (limit !== undefined) draft.change({ unit: asked.query.get('unit') === 'W' ? 'W' : 'A', periods: [{ minute: 0, limit }], minutes });
}

/** Sets, gets and clears the charging profile of a running session, and shows the outcome. */
export function ProfileControls({ session, draft, rating }: { session: SessionView; draft: ProfileDraft; rating: EvseRating | undefined }) {
  const texts = text().profile;
  const mayOperate = useHasRole('operate');
  const [running, setRunning] = useState<RequestKind | undefined>(undefined);
  const [done, setDone] = useState<{ kind: RequestKind; answer: ApiAnswer<ExchangeView> } | undefined>(undefined);
  const path = `sessions/${segment(session.key)}`;
  const { state } = draft;
  const problem = problemOf(state.periods, state.minutes);
  const own = session.side === 'own';
  const { replaces } = session.combination;
  const [mode, setMode] = useState<SetMode | undefined>(undefined);
  const asked = useAskedAct();
  useEffect(() => fillIn(draft, asked), [asked?.query]);
  const undecided = replaces.length > 0 && mode === undefined;

  async function send(kind: RequestKind, request: () => Promise<ApiAnswer<ExchangeView>>): Promise<void> {
    setRunning(kind);
    setDone(undefined);
    const answer = await request();
    setRunning(undefined);
    setDone({ kind, answer });
    if (answer.ok && kind === 'set') draft.reset();
  }
  const set = () =>
    send('set', () => {
      const body = requestBodyOf(state.periods, { unit: state.unit, minutes: state.minutes, now: nodeNow() });
      return callApi(`${path}/charging-profile`, { method: 'PUT', body, query: { wait: WAIT_S, ...(replaces.length > 0 && mode !== undefined && { mode }) } });
    });
  const get = () => send('get', () => callApi(`${path}/active-charging-profile`, { query: { wait: WAIT_S, duration: AHEAD_S } }));
  const clear = () => send('clear', () => callApi(`${path}/charging-profile`, { method: 'DELETE', query: { wait: WAIT_S } }));

  if (!mayOperate) return <Card title={texts.card}>{texts.viewOnly}</Card>;
  return (
    <Card title={texts.setCard}>
      {replaces.length > 0 && <ModeChoice parties={replaces} own={own} mode={mode} onChoose={setMode} />}
      <ProfileForm
        draft={draft}
        rating={rating}
        problem={problem ?? (undecided ? texts.mode.undecided : undefined)}
        busy={running !== undefined}
        onSend={set}
      />
      <div class="row act">
        <button type="button" class="button" disabled={running !== undefined} onClick={get}>
          {texts.get}
        </button>
        <Confirm label={texts.clear} asked={asked?.act === 'clear' ? asked.query : undefined} disabled={running !== undefined} onConfirm={clear}>
          {own ? texts.clearOwn : texts.clearRemote}
        </Confirm>
      </div>
      {running !== undefined && (
        <p class="said" role="status">
          {texts.waits(texts.progress[running], WAIT_S)}
        </p>
      )}
      {done && <RequestOutcome kind={done.kind} answer={done.answer} rating={rating} />}
    </Card>
  );
}
