import { useState } from 'preact/hooks';
import { changeText, limitInWords } from '../data/acts.ts';
import { type ApiAnswer, callApi, segment } from '../data/api-client.ts';
import type { SteeringView } from '../data/console-api-types.ts';
import { announceAct } from '../data/last-act.ts';
import { listText, powerText } from '../data/quantity.ts';
import { useResource } from '../data/resource.ts';
import { useHasRole, useUser } from '../data/signed-in-user.ts';
import { type Resumed, retaken } from '../data/steering.ts';
import { AnswerNotice } from '../parts/answer-notice.tsx';
import { Confirm } from '../parts/confirm.tsx';
import { ReasonField } from '../parts/end-field.tsx';
import { Link, StationLink } from '../parts/link.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { Time } from '../parts/time.tsx';
import { text } from '../text/text.ts';

type PartyView = SteeringView['parties'][number];
type Steered = PartyView['sessions'][number];

/** Which party steers which sessions now, with halt and resume. */
export function SteeringPage() {
  const texts = text().steering;
  const board = useResource<SteeringView>('steering', undefined, { everySeconds: 3 });
  const [resumed, setResumed] = useState<Readonly<Record<string, Resumed>>>({});
  return (
    <Page title={texts.title}>
      <Loaded of={board}>
        {({ at, parties }) =>
          parties.length === 0 ? (
            <Empty what={texts.none}>{texts.noneHelp}</Empty>
          ) : (
            parties.map((it) => (
              <PartyCard
                key={it.party}
                it={it}
                resumed={resumed[it.party]}
                onResume={() => setResumed({ ...resumed, [it.party]: { at, sessions: it.sessions.map(({ session }) => session) } })}
                onDone={board.reload}
              />
            ))
          )
        }
      </Loaded>
    </Page>
  );
}

interface PartyCardProps {
  it: PartyView;
  /** When this page resumed the party, and its sessions then. */
  resumed: Resumed | undefined;
  onResume(): void;
  onDone(): void;
}

function PartyCard({ it, resumed, onResume, onDone }: PartyCardProps) {
  const texts = text().steering;
  const { party, halted, sessions, power, without } = it;
  const [failed, setFailed] = useState<ApiAnswer<unknown> | undefined>(undefined);
  const taken = resumed && !halted ? retaken(sessions, resumed) : undefined;
  const count = sessions.filter(({ steers }) => steers).length;
  const sums = [
    texts.steers(count),
    texts.power(powerText(power)),
    ...(without.rises > 0 ? [texts.rises(powerText(without.rises))] : []),
    ...(without.falls > 0 ? [texts.falls(powerText(without.falls))] : []),
  ];
  const name = party === 'operator' ? text().acts.preview.operator : party;
  const acted = (answer: ApiAnswer<unknown>) => {
    setFailed(answer.ok ? undefined : answer);
    onDone();
  };
  return (
    <Card title={name} note={sums.join(' · ')} actions={party !== 'operator' && <Switch it={it} onActed={acted} onResume={onResume} />}>
      {halted && <p class="said warn">{`${party}: ${texts.halted}`}</p>}
      {resumed && taken && (
        <p class="said" role="status">
          {texts.waits(party, taken.size, resumed.sessions.length)}
        </p>
      )}
      {failed && <AnswerNotice answer={failed} success="" />}
      {sessions.length > 0 && <Table name={name} columns={columnsOf(taken)} rows={sessions} idOf={(row) => row.session} />}
    </Card>
  );
}

const columnsOf = (taken: ReadonlySet<string> | undefined): readonly Column<Steered>[] => {
  const texts = text().steering;
  const { columns } = texts;
  const state = ({ steers, session }: Steered) => (taken?.has(session) ? texts.retaken : steers ? texts.steered : texts.notSteered);
  return [
    {
      name: columns.session,
      show: (it) => (
        <>
          <Link to={['sessions', it.session]}>{it.name}</Link> {it.station !== undefined && it.station !== it.name && <StationLink station={it.station} />}
        </>
      ),
    },
    {
      name: columns.steered,
      show: (it) => (
        <>
          <span class={`badge ${it.steers ? 'good' : ''}`}>{state(it)}</span> <Time at={it.since} />
        </>
      ),
    },
    { name: columns.others, show: (it) => (it.others.length === 0 ? '–' : listText(it.others)) },
    { name: columns.power, show: (it) => (it.power === undefined ? '–' : powerText(it.power)), right: true },
    { name: columns.limit, show: (it) => (it.steers ? limitInWords(it.limit) : '–'), right: true },
    { name: columns.without, show: (it) => (it.steers ? limitInWords(it.without) : '–'), right: true },
  ];
};

/** Halts a party or lets it go on. A halt says before which limits will rise, and by how much. */
function Switch({ it, onActed, onResume }: { it: PartyView; onActed(answer: ApiAnswer<unknown>): void; onResume(): void }) {
  const { party, halted } = it;
  const texts = text().steering;
  const { done } = text().acts;
  const user = useUser();
  const mayOperate = useHasRole('operate');
  const [reason, setReason] = useState('');
  const send = async (how: 'halt' | 'resume') => {
    if (how === 'resume') onResume();
    const path = (to: string) => `parties/${segment(party)}/${to}`;
    const answer = await callApi(path(how), { method: 'POST', query: { reason: reason.trim() } });
    const says = how === 'halt' ? done.halted(user.name, party) : done.resumed(user.name, party);
    if (answer.ok) announceAct(says, { method: 'POST', path: path(how === 'halt' ? 'resume' : 'halt'), query: {} });
    setReason('');
    onActed(answer);
  };
  const help = <ReasonField value={reason} onChange={setReason} />;
  return halted ? (
    <Confirm label={texts.resumeOf(party)} disabled={!mayOperate} onConfirm={() => void send('resume')}>
      <div class="stack">
        <p>{texts.resumeHelp(party)}</p>
        {help}
      </div>
    </Confirm>
  ) : (
    <Confirm label={texts.haltOf(party)} danger disabled={!mayOperate} onConfirm={() => void send('halt')}>
      <div class="stack">
        <p>{texts.haltHelp(party)}</p>
        <Rises it={it} />
        {help}
      </div>
    </Confirm>
  );
}

/** So many sessions are named before a halt; the sum has all. */
const NAMED = 8;

function Rises({ it: { sessions, without } }: { it: PartyView }) {
  const texts = text().steering;
  const { preview } = text().acts;
  const rising = sessions.filter(({ steers, limit, without: to }) => steers && (to.w ?? to.a ?? 0) > (limit.w ?? limit.a ?? 0));
  if (rising.length === 0) return <p>{texts.noneRises}</p>;
  return (
    <>
      <p>{texts.willRise}</p>
      <ul>
        {rising.slice(0, NAMED).map(({ session, name, limit, without: to }) => (
          <li key={session}>{changeText(name, limit, to)}</li>
        ))}
        {rising.length > NAMED && <li>{preview.more(rising.length - NAMED)}</li>}
      </ul>
      <p>{texts.together(powerText(without.rises))}</p>
    </>
  );
}
