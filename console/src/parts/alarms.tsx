import { type AlarmGroup, groupAlarms } from '../data/alarm-groups.ts';
import type { AlarmView } from '../data/console-api-types.ts';
import { securityLabel } from '../data/labels.ts';
import { useResource } from '../data/resource.ts';
import { text } from '../text/text.ts';
import { AlarmMend } from './alarm-mend.tsx';
import { Link, PeerLink, SessionLink, StationLink } from './link.tsx';
import { NodeText } from './node-text.tsx';
import { Card, Loaded } from './page.tsx';
import { Time } from './time.tsx';

/** What needs a person, first on the overview: alarms by kind, with what each explains, and the acknowledged ones folded away. */
export function Alarms() {
  const alarms = useResource<{ items: AlarmView[] }>('alarms', undefined, { everySeconds: 10, refreshOn: ({ kind }) => kind === 'alarm' });
  const texts = text().alarm;
  return (
    <Card title={texts.title} note={alarms.value && countOf(alarms.value.items)}>
      <Loaded of={alarms}>{({ items }) => <AlarmLists alarms={items} onDone={alarms.reload} />}</Loaded>
    </Card>
  );
}

const isOpen = ({ acknowledged }: AlarmView) => !acknowledged;

function countOf(alarms: readonly AlarmView[]): string | undefined {
  const open = alarms.filter(isOpen).length;
  return open === 0 ? undefined : text().alarm.count(open);
}

function AlarmLists({ alarms, onDone }: { alarms: readonly AlarmView[]; onDone(): void }) {
  const texts = text().alarm;
  const open = alarms.filter(isOpen);
  const acknowledged = alarms.filter((it) => !isOpen(it));
  return (
    <>
      {open.length === 0 ? (
        <p class="said good" role="status">
          <strong>{texts.nothing}</strong> {texts.nothingHelp}
        </p>
      ) : (
        groupAlarms(open).map((group) => <Group key={group.kind} group={group} onDone={onDone} />)
      )}
      {acknowledged.length > 0 && (
        <details class="small">
          <summary>{texts.acknowledgedCount(acknowledged.length)}</summary>
          {groupAlarms(acknowledged).map((group) => (
            <Group key={group.kind} group={group} onDone={onDone} />
          ))}
        </details>
      )}
    </>
  );
}

const Group = ({ group, onDone }: { group: AlarmGroup; onDone(): void }) => (
  <section class="alarm-group" aria-label={text().alarm.kinds[group.kind]}>
    <h3>
      {text().alarm.kinds[group.kind]} {group.causes.length > 1 && <span class="soft">{group.causes.length}</span>}
    </h3>
    <ul>
      {group.causes.map(({ alarm, effects }) => (
        <li key={alarm.key} class={`alarm ${alarm.severity}`}>
          <Facts alarm={alarm} />
          {effects.length > 0 && (
            <ul class="effects small">
              {effects.map((effect) => (
                <li key={effect.key}>
                  <Subjects alarm={subjectsBeside(effect, alarm)} /> <NodeText>{effect.says}</NodeText>
                </li>
              ))}
            </ul>
          )}
          <AlarmMend alarm={alarm} onDone={onDone} />
        </li>
      ))}
    </ul>
  </section>
);

const TONES = { critical: 'bad', warning: 'warn', info: 'plain' } as const;

function Facts({ alarm }: { alarm: AlarmView }) {
  const { severity, says, kind, values, first_seen, last_seen, count, acknowledged } = alarm;
  const texts = text().alarm;
  return (
    <div class="row alarm-facts">
      <span class={`badge ${TONES[severity]}`}>{texts.severities[severity]}</span>
      {kind === 'security' && <b>{securityLabel(String(values.event))}</b>}
      <Subjects alarm={alarm} />
      <NodeText>{says}</NodeText>
      <span class="small soft">
        {texts.since(<Time at={first_seen} />)} · {texts.lastSeen(<Time at={last_seen} />)}
        {count > 1 && ` · ${texts.times(count)}`}
        {acknowledged && ` · ${texts.acknowledgedBy(acknowledged.by.name ?? acknowledged.by.kind)}`}
      </span>
    </div>
  );
}

/** What an alarm names and its cause does not. */
const subjectsBeside = (effect: AlarmView, { station, peer }: AlarmView): AlarmView => {
  const { station: itsStation, peer: itsPeer, ...rest } = effect;
  return {
    ...rest,
    ...(itsStation !== undefined && itsStation !== station && { station: itsStation }),
    ...(itsPeer !== undefined && itsPeer !== peer && { peer: itsPeer }),
  };
};

/** Links to what an alarm is about. */
function Subjects({ alarm: { session, station, site, peer, party } }: { alarm: AlarmView }) {
  return (
    <span class="row">
      {station !== undefined && <StationLink station={station} />}
      {session !== undefined && <SessionLink session={session} />}
      {site !== undefined && <Link to={['sites']}>{site}</Link>}
      {peer !== undefined && <PeerLink peer={peer} />}
      {peer === undefined && party !== undefined && <span>{party}</span>}
    </span>
  );
}
