import type { StationDetail, StationHistory } from '../data/console-api-types.ts';
import { localTime } from '../data/time-format.ts';
import { text } from '../text/text.ts';
import { FactList } from './fact-list.tsx';
import { NodeText } from './node-text.tsx';
import { Card, Empty } from './page.tsx';

type Finding = StationHistory['abilities'][number];

const yesNo = (value: boolean): string => (value ? text().page.yes : text().page.no);

/** The abilities of a station, each with when and how it was found, and its restrictions. */
export function StationAbilities({ station: { abilities, quirks }, findings }: { station: StationDetail; findings: readonly Finding[] }) {
  const { title, unknown, unknownHelp, ...names } = text().station.abilities;
  if (!abilities)
    return (
      <Card title={title}>
        <Empty what={unknown}>{unknownHelp}</Empty>
      </Card>
    );
  const found = (ability: Finding['ability'], value: string) => {
    const finding = findings.find((it) => it.ability === ability);
    return (
      <>
        {value} {finding && <span class="small soft">{findingText(finding)}</span>}
      </>
    );
  };
  const reports = abilities.composite_schedule === undefined ? names.noRefusal : yesNo(abilities.composite_schedule);
  return (
    <Card title={title}>
      <FactList
        of={{
          [names.smartCharging]: found('smart_charging', yesNo(abilities.smart_charging)),
          [names.reportsLimits]: found('composite_schedule', reports),
          [names.units]: found('units', abilities.units.join(', ')),
          [names.stackLevels]: found('max_stack_level', names.upTo(abilities.max_stack_level)),
          [names.periods]: found('max_periods', names.upTo(abilities.max_periods)),
          [names.profiles]: abilities.max_profiles === undefined ? undefined : found('max_profiles', names.upTo(abilities.max_profiles)),
          [names.restrictions]: quirks.length > 0 ? <Restrictions of={quirks} /> : names.noRestrictions,
        }}
      />
    </Card>
  );
}

const Restrictions = ({ of }: { of: readonly string[] }) => (
  <ul>
    {of.map((it) => (
      <li key={it}>
        <NodeText>{it}</NodeText>
      </li>
    ))}
  </ul>
);

function findingText({ how, action = '?', occasion = 'boot', at }: Finding): string {
  const { found, occasions } = text().stationLog;
  if (how === 'assumed' || at === undefined) return found.assumed;
  return how === 'stated' ? found.stated(action, occasions[occasion], localTime(at)) : found[how](action, localTime(at));
}
