import type { Command } from 'commander';
import type { AlarmView } from '../node/alarms/alarm-view.ts';
import { describeAlarm, subjectOf } from './describe-alarm.ts';
import { timeOfDay } from './describe-session.ts';
import { type ApiOptions, connect, withApiOptions } from './find-api.ts';
import { printJsonLine } from './output.ts';
import type { Column } from './table.ts';

/** `alarms`: what needs a person now, and `alarms ack`. */
export function addAlarmsCommand(program: Command): void {
  const alarms = withApiOptions(
    program
      .command('alarms')
      .summary('list what needs a person now')
      .description(
        'Lists the alarms of a node, the most urgent first. An alarm disappears when its cause is gone. The second table has the key of each, for evenkeel alarms ack, and a command that helps; the console has the same as buttons.',
      ),
  ).action(async (options: ApiOptions) => {
    const { client, routes } = await connect(options);
    const { items } = await client.send(routes.listAlarms, {});
    if (options.json) return items.forEach(printJsonLine);
    const { renderTable, printLines } = await import('./table.ts');
    return printLines(
      items.length === 0 ? ['nothing needs you: there are no alarms'] : [...renderTable(columnsOf(items), items), '', ...renderTable(mendColumns, items)],
    );
  });
  withApiOptions(
    alarms
      .command('ack')
      .argument('<alarm>', 'key of the alarm, or its beginning, as evenkeel alarms shows it')
      .summary('take an alarm over')
      .description('Acknowledges an alarm: it counts no more among what needs a person, until it gets worse or comes back. The audit holds who did it.'),
  ).action(async (alarm: string, _: ApiOptions, command: Command) => {
    const options = command.optsWithGlobals<ApiOptions>();
    const { client, routes } = await connect(options);
    const acknowledged = await client.send(routes.acknowledgeAlarm, { params: { alarm } });
    if (options.json) return printJsonLine(acknowledged);
    const { printLines } = await import('./table.ts');
    return printLines([`acknowledged ${acknowledged.key}`, describeAlarm(acknowledged)]);
  });
}

/** Columns that say nothing about these alarms are left out. */
const columnsOf = (alarms: readonly AlarmView[]): Column<AlarmView>[] => [
  { title: 'SEVERITY', text: (it) => it.severity },
  { title: 'SINCE', text: (it) => timeOfDay(it.first_seen) },
  { title: 'LAST', text: (it) => timeOfDay(it.last_seen) },
  ...optional(alarms, 'COUNT', (it) => (it.count > 1 ? String(it.count) : '')),
  ...optional(alarms, 'ACK', (it) => (it.acknowledged ? (it.acknowledged.by.name ?? it.acknowledged.by.kind) : '')),
  { title: 'WHAT', text: (it) => (subjectOf(it) === '' || it.says.includes(subjectOf(it)) ? it.says : `${subjectOf(it)}: ${it.says}`), shrinks: true },
];
const optional = (alarms: readonly AlarmView[], title: string, text: (it: AlarmView) => string): Column<AlarmView>[] =>
  alarms.some((it) => text(it) !== '') ? [{ title, text }] : [];

const mendColumns: Column<AlarmView>[] = [
  { title: 'ALARM', text: (it) => it.key },
  { title: 'TO MEND IT', text: (it) => it.mend.find(({ command }) => command !== undefined)?.command ?? '' },
];
