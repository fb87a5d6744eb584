import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi, segment } from '../data/api-client.ts';
import type { ProfileDraft } from '../data/profile-draft.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { nodeNow } from '../data/node-clock.ts';
import type { EvseRating } from '../data/quantity.ts';
import { requestBodyOf, problemOf } from '../data/profile-periods.ts';
import type { ExchangeView, SessionView } from '../data/api-types.ts';
import { Confirm } from './confirm.tsx';
import { ProfileForm } from './profile-form.tsx';
import { Card } from './page.tsx';
import { RequestOutcome } from './request-outcome.tsx';

/** Seconds that the page waits for the charge point's word in the same answer. */
const WAIT = 60;

type RequestKind = 'set' | 'get' | 'clear';

/** Set, get and clear the charging profile of a running session; the outcome stands below. */
export function ProfileControls({ session, desk, outlet }: { session: SessionView; desk: ProfileDraft; outlet: EvseRating | undefined }) {
  const may = useHasRole('operate');
  const [doing, setDoing] = useState<RequestKind | undefined>(undefined);
  const [done, setDone] = useState<{ doing: RequestKind; answer: ApiAnswer<ExchangeView> } | undefined>(undefined);
  const path = `sessions/${segment(session.key)}`;
  const { state } = desk;
  const flaw = problemOf(state.periods, state.minutes);

  async function act(what: RequestKind, asking: () => Promise<ApiAnswer<ExchangeView>>): Promise<void> {
    setDoing(what);
    setDone(undefined);
    const answer = await asking();
    setDoing(undefined);
    setDone({ doing: what, answer });
    if (answer.ok && what === 'set') desk.reset();
  }
  const set = () =>
    act('set', () => {
      const body = requestBodyOf(state.periods, { unit: state.unit, minutes: state.minutes, now: nodeNow() });
      return callApi(`${path}/charging-profile`, { method: 'PUT', body, query: { wait: WAIT } });
    });
  const get = () => act('get', () => callApi(`${path}/active-charging-profile`, { query: { wait: WAIT, duration: 3600 } }));
  const clear = () => act('clear', () => callApi(`${path}/charging-profile`, { method: 'DELETE', query: { wait: WAIT } }));

  if (!may) return <Card title="Act">Your role may view. Setting, getting and clearing profiles needs the role operate.</Card>;
  return (
    <Card title="Set a profile">
      <ProfileForm desk={desk} outlet={outlet} flaw={flaw} busy={doing !== undefined} onSend={set} />
      <div class="row act">
        <button type="button" class="button" disabled={doing !== undefined} onClick={get}>
          Get active profile
        </button>
        <Confirm label="Clear profile" disabled={doing !== undefined} onConfirm={clear}>
          The operator's profile of this session is taken back. Profiles of other parties stay.
        </Confirm>
      </div>
      {doing !== undefined && (
        <p class="said" role="status">
          {doing === 'get' ? 'Asking' : doing === 'set' ? 'Setting' : 'Clearing'} … the charge point answers within {WAIT} s, or the outcome follows below.
        </p>
      )}
      {done && <RequestOutcome doing={done.doing} answer={done.answer} />}
    </Card>
  );
}
