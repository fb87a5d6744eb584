import { useState } from 'preact/hooks';
import { limitInWords } from '../data/acts.ts';
import type { ApiAnswer } from '../data/api-client.ts';
import type { SteeringView } from '../data/console-api-types.ts';
import { listText, powerText } from '../data/quantity.ts';
import { useResource } from '../data/resource.ts';
import { type Resumed, retaken } from '../data/steering.ts';
import { AnswerNotice } from '../parts/answer-notice.tsx';
import { HaltSwitch } from '../parts/halt-switch.tsx';
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
    <Card
      title={name}
      note={sums.join(' · ')}
      actions={party !== 'operator' && <HaltSwitch party={party} halted={halted} view={it} onActed={acted} onResume={onResume} />}
    >
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
