import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi, segment } from '../data/api-client.ts';
import type { ExchangeView, SessionView } from '../data/api-types.ts';
import { nodeNow } from '../data/node-clock.ts';
import type { ProfileDraft } from '../data/profile-draft.ts';
import { problemOf, requestBodyOf } from '../data/profile-periods.ts';
import type { EvseRating } from '../data/quantity.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { Confirm } from './confirm.tsx';
import { Card } from './page.tsx';
import { ProfileForm } from './profile-form.tsx';
import { RequestOutcome } from './request-outcome.tsx';

/** Seconds that the page waits for the station's answer in the same response. */
const WAIT_S = 60;
/** Seconds that a get asks for. */
const AHEAD_S = 3600;

type RequestKind = 'set' | 'get' | 'clear';
const PROGRESS: Readonly<Record<RequestKind, string>> = { set: 'Setting the profile', get: 'Getting the active profile', clear: 'Clearing the profile' };

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
  const names = parties.join(' and ');
  return (
    <fieldset class="stack choice">
      <legend class="small soft">{names} has a profile on this session.</legend>
      <label class="row small">
        <input type="radio" name="mode" checked={mode === 'replace'} onChange={() => onChoose('replace')} />
        <span>Replace: the profile of {names} is dropped, and the party is told.</span>
      </label>
      {own && (
        <label class="row small">
          <input type="radio" name="mode" checked={mode === 'lower-only'} onChange={() => onChoose('lower-only')} />
          <span>Lower only: the profile of {names} stays, and the lowest limit applies.</span>
        </label>
      )}
    </fieldset>
  );
}

/** Sets, gets and clears the charging profile of a running session, and shows the outcome. */
export function ProfileControls({ session, draft, rating }: { session: SessionView; draft: ProfileDraft; rating: EvseRating | undefined }) {
  const mayOperate = useHasRole('operate');
  const [running, setRunning] = useState<RequestKind | undefined>(undefined);
  const [done, setDone] = useState<{ kind: RequestKind; answer: ApiAnswer<ExchangeView> } | undefined>(undefined);
  const path = `sessions/${segment(session.key)}`;
  const { state } = draft;
  const problem = problemOf(state.periods, state.minutes);
  const own = session.side === 'own';
  const { replaces } = session.combination;
  const [mode, setMode] = useState<SetMode | undefined>(undefined);
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

  if (!mayOperate) return <Card title="Charging profile">Your role may only view. To set, get or clear a profile you need the role operate.</Card>;
  return (
    <Card title="Set a charging profile">
      {replaces.length > 0 && <ModeChoice parties={replaces} own={own} mode={mode} onChoose={setMode} />}
      <ProfileForm
        draft={draft}
        rating={rating}
        problem={problem ?? (undecided ? 'Choose what becomes of the profiles of other parties.' : undefined)}
        busy={running !== undefined}
        onSend={set}
      />
      <div class="row act">
        <button type="button" class="button" disabled={running !== undefined} onClick={get}>
          Get active profile
        </button>
        <Confirm label="Clear profile" disabled={running !== undefined} onConfirm={clear}>
          {own
            ? 'All charging profiles of this session are cleared, also those of other parties.'
            : 'The CPO is asked to clear the profile that this node set on the session.'}
        </Confirm>
      </div>
      {running !== undefined && (
        <p class="said" role="status">
          {PROGRESS[running]} … This page waits up to {WAIT_S} s; a later answer appears here too.
        </p>
      )}
      {done && <RequestOutcome kind={done.kind} answer={done.answer} rating={rating} />}
    </Card>
  );
}
