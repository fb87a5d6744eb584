import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { TroubleAct, TroubleView } from '../data/console-api-types.ts';
import { limitText, numberText } from '../data/quantity.ts';
import { useResource } from '../data/resource.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { AnswerNotice } from '../parts/answer-notice.tsx';
import { Badge } from '../parts/badge.tsx';
import { Link, StationLink } from '../parts/link.tsx';
import { Card, Empty, Loaded, Page } from '../parts/page.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { text } from '../text/text.ts';

/** One button: what it does, to what, and its text. */
interface Act {
  act: TroubleAct;
  of: string;
  label: string;
}
type ShowActs = (...acts: readonly Act[]) => preact.JSX.Element;

/** A demo only: buttons that trouble the simulated world outside the node. */
export function TroublePage() {
  const texts = text().trouble;
  const view = useResource<TroubleView>('demo/trouble', undefined, { everySeconds: 5, refreshOn: (it) => it.kind === 'session' });
  const mayOperate = useHasRole('operate');
  const [result, setResult] = useState<{ answer: ApiAnswer<unknown>; success: string } | undefined>(undefined);
  const cause = async ({ act, of, label }: Act) => {
    const answer = await callApi('demo/trouble', { method: 'POST', body: { act, of } });
    setResult({ answer, success: texts.done(label, of) });
    view.reload();
  };
  const showActs: ShowActs = (...acts) => (
    <span class="row">
      {acts.map((it) => (
        <button key={it.act} type="button" class="button slim" disabled={!mayOperate} aria-label={texts.actOn(it.label, it.of)} onClick={() => cause(it)}>
          {it.label}
        </button>
      ))}
    </span>
  );
  return (
    <Page title={texts.title}>
      <p class="soft">{texts.intro}</p>
      {result && <AnswerNotice answer={result.answer} success={result.success} />}
      <Loaded of={view}>
        {(it) => (
          <>
            <List title={texts.sites} note={texts.sitesNote} rows={it.sites} idOf={({ name }) => name} columns={siteColumns(showActs)} />
            <List
              title={texts.parties}
              note={texts.partiesNote}
              rows={it.parties}
              idOf={({ party }) => party}
              columns={partyColumns(showActs, numberText(it.delay, 0))}
            />
            <List title={texts.stations} note={texts.stationsNote} rows={it.stations} idOf={({ id }) => id} columns={stationColumns(showActs)} />
            <List title={texts.cars} note={texts.carsNote} rows={it.cars} idOf={({ evse }) => evse} columns={carColumns(showActs)} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

interface ListProps<T> {
  title: string;
  note: string;
  rows: readonly T[];
  idOf: (row: T) => string;
  columns: readonly Column<T>[];
}

function List<T>({ title, note, rows, idOf, columns }: ListProps<T>) {
  return (
    <Card title={title} note={note}>
      {rows.length > 0 ? <Table name={title} rows={rows} idOf={idOf} columns={columns} /> : <Empty what={text().trouble.none} />}
    </Card>
  );
}

function siteColumns(show: ShowActs): readonly Column<TroubleView['sites'][number]>[] {
  const { columns, acts } = text().trouble;
  return [
    { name: columns.site, show: ({ name }) => <Link to={['sites']}>{name}</Link> },
    { name: columns.fuse, show: ({ fuse }) => limitText(fuse, 'A'), right: true },
    {
      name: columns.action,
      show: ({ name, halved }) => show(halved ? { act: 'restore', of: name, label: acts.restore } : { act: 'halve', of: name, label: acts.halve }),
    },
  ];
}

function partyColumns(show: ShowActs, delay: string): readonly Column<TroubleView['parties'][number]>[] {
  const { columns, acts, seconds, atOnce } = text().trouble;
  return [
    { name: columns.party, show: ({ party, name }) => `${name} ${party}` },
    { name: columns.delay, show: (it) => (it.delay === 0 ? atOnce : seconds(numberText(it.delay, 0))), right: true },
    {
      name: columns.action,
      show: ({ party, delayed }) => show(delayed ? { act: 'hurry', of: party, label: acts.hurry } : { act: 'delay', of: party, label: acts.delay(delay) }),
    },
  ];
}

function stationColumns(show: ShowActs): readonly Column<TroubleView['stations'][number]>[] {
  const { columns, acts, faults, normal } = text().trouble;
  return [
    { name: columns.station, show: ({ id }) => <StationLink station={id} /> },
    { name: columns.state, show: ({ connected }) => <Badge value={connected ? 'ONLINE' : 'OFFLINE'} /> },
    { name: columns.behaviour, show: ({ fault }) => (fault ? faults[fault] : normal) },
    {
      name: columns.action,
      show: ({ id, connected }) =>
        connected
          ? show({ act: 'cut', of: id, label: acts.cut }, { act: 'reboot', of: id, label: acts.reboot })
          : show({ act: 'connect', of: id, label: acts.connect }),
    },
  ];
}

function carColumns(show: ShowActs): readonly Column<TroubleView['cars'][number]>[] {
  const { columns, acts } = text().trouble;
  return [
    { name: columns.evse, show: ({ evse }) => evse },
    { name: columns.driver, show: ({ driver }) => driver ?? '–' },
    { name: columns.action, show: ({ evse }) => show({ act: 'leave', of: evse, label: acts.leave }) },
  ];
}
