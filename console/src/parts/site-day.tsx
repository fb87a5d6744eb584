import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { segment } from '../data/api-client.ts';
import type { SiteDay as Day, SiteMoment, SiteView } from '../data/console-api-types.ts';
import { nodeNow } from '../data/node-clock.ts';
import { useResource } from '../data/resource.ts';
import { DAY_RANGES, DAY_VIEWS, type DayRange, type DayView, dayChart, dayOf, keyStep, rangeAround } from '../data/site-day.ts';
import { dayText, localTime } from '../data/time-format.ts';
import { text } from '../text/text.ts';
import { Chart } from './chart.tsx';
import { Card, Loaded } from './page.tsx';
import { SiteMomentTable } from './site-moment.tsx';

/** The day of a site: its sessions stacked under its limit, and who held what at the chosen moment. */
export function SiteDay({ sites }: { sites: readonly SiteView[] }) {
  const [chosen, setChosen] = useState<{ site?: string; node?: string; offset: number; view: DayView }>({ offset: 0, view: 'kW' });
  const site = sites.find(({ name }) => name === chosen.site) ?? sites[0];
  const node = site?.nodes.find(({ path }) => path === chosen.node)?.path ?? site?.name;
  const span = dayOf(Math.floor(nodeNow()), chosen.offset);
  const path = site && `sites/${segment(site.name)}`;
  const day = useResource<Day>(path && `${path}/day`, { node, ...span }, { everySeconds: chosen.offset === 0 ? 60 : 600 });
  if (!path || node === undefined) return null;
  const texts = text().siteDay;
  return (
    <Card title={texts.title(node)} note={dayText(span.from)} actions={<Days offset={chosen.offset} onChange={(offset) => setChosen({ ...chosen, offset })} />}>
      <div class="row filters choices">
        <Choice name={texts.site} value={site?.name} of={sites.map(({ name }) => name)} onChange={(name) => setChosen({ ...chosen, site: name })} />
        <Choice name={texts.node} value={node} of={site?.nodes.map((it) => it.path) ?? []} onChange={(name) => setChosen({ ...chosen, node: name })} />
        <fieldset class="segments" aria-label={texts.view}>
          {DAY_VIEWS.map((it) => (
            <button key={it} type="button" class="button slim" aria-pressed={it === chosen.view} onClick={() => setChosen({ ...chosen, view: it })}>
              {it}
            </button>
          ))}
        </fieldset>
      </div>
      <Loaded of={day}>{(it) => <DayAndMoment key={`${it.node} ${it.from}`} day={it} view={chosen.view} path={path} />}</Loaded>
    </Card>
  );
}

const Days = ({ offset, onChange }: { offset: number; onChange(offset: number): void }) => (
  <>
    <button type="button" class="button slim" onClick={() => onChange(offset - 1)}>
      {text().siteDay.previous}
    </button>
    <button type="button" class="button slim" disabled={offset === 0} onClick={() => onChange(0)}>
      {text().siteDay.today}
    </button>
    <button type="button" class="button slim" disabled={offset > 0} onClick={() => onChange(offset + 1)}>
      {text().siteDay.next}
    </button>
  </>
);

/** A choice among names; nothing when there is only one. */
function Choice({ name, value, of, onChange }: { name: string; value: string | undefined; of: readonly string[]; onChange(name: string): void }) {
  if (of.length < 2) return null;
  return (
    <label class="field">
      <span>{name}</span>
      <select class="input" value={value} onChange={(event) => onChange(event.currentTarget.value)}>
        {of.map((it) => (
          <option key={it}>{it}</option>
        ))}
      </select>
    </label>
  );
}

/** The moment follows the clock until a person chooses one. */
function DayAndMoment({ day, view, path }: { day: Day; view: DayView; path: string }) {
  const texts = text();
  const [from, to, now] = [day.from, day.to, day.now].map((it) => Date.parse(it) / 1_000) as [number, number, number];
  const [picked, setPicked] = useState<number | undefined>(undefined);
  const isToday = now >= from && now < to;
  const at = picked ?? (isToday ? now : from);
  const [zoom, setZoom] = useState<{ minutes: DayRange; centre: number }>({ minutes: 0, centre: at });
  const shown = rangeAround({ from, to }, zoom.minutes, zoom.centre);
  const pick = (wanted: number) => {
    const moment = Math.min(to - 1, Math.max(from, Math.round(wanted)));
    setPicked(moment);
    if (moment < shown.from || moment >= shown.to) setZoom({ ...zoom, centre: moment });
  };
  const model = useMemo(() => ({ ...dayChart(day, view, at), ...shown }), [day, view, at, shown.from, shown.to, texts]);
  const follows = picked === undefined && isToday;
  const moment = useMoment(path, { node: day.node, at: follows ? undefined : at });
  const follow = () => {
    setPicked(undefined);
    setZoom({ ...zoom, centre: now });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const by = keyStep(event);
    if (by === undefined) return;
    event.preventDefault();
    pick(at + by);
  };
  return (
    <div class="day">
      <div>
        <Chart model={model} height={300} onPick={pick} />
        <input
          class="scrubber"
          type="range"
          min={Math.ceil(shown.from)}
          max={Math.ceil(shown.to) - 1}
          step={1}
          value={at}
          aria-label={texts.siteDay.moment}
          aria-valuetext={localTime(new Date(at * 1_000).toISOString())}
          onInput={(event) => pick(Number(event.currentTarget.value))}
          onKeyDown={onKeyDown}
        />
        <div class="row spread small soft">
          <span>{texts.siteDay.momentHelp}</span>
          <span class="row">
            <Ranges minutes={zoom.minutes} onChange={(minutes) => setZoom({ minutes, centre: at })} />
            <button type="button" class="button slim" disabled={picked === undefined || !isToday} onClick={follow}>
              {texts.siteDay.backToNow}
            </button>
          </span>
        </div>
        {day.more && <p class="small">{texts.siteDay.more}</p>}
      </div>
      <SiteMomentTable
        at={follows && moment ? Date.parse(moment.at) / 1_000 : at}
        moment={moment}
        waits={moment !== undefined && picked !== undefined && Date.parse(moment.at) / 1_000 !== at}
      />
    </div>
  );
}

const Ranges = ({ minutes, onChange }: { minutes: DayRange; onChange(minutes: DayRange): void }) => (
  <fieldset class="segments" aria-label={text().sessionChart.range}>
    {DAY_RANGES.map((it) => (
      <button key={it} type="button" class="button slim" aria-pressed={it === minutes} onClick={() => onChange(it)}>
        {text().sessionChart.ranges[it]}
      </button>
    ))}
  </fieldset>
);

/** ms: the moment is asked for when the scrubber has rested for this time. */
const REST_MS = 120;

/** What held at a moment; the moment before stays until the next one has arrived. `at` undefined: now, read again all the time. */
function useMoment(path: string, { node, at }: { node: string; at: number | undefined }): SiteMoment | undefined {
  const [rested, setRested] = useState(at);
  const last = useRef<SiteMoment | undefined>(undefined);
  useEffect(() => {
    const timer = setTimeout(() => setRested(at), REST_MS);
    return () => clearTimeout(timer);
  }, [at]);
  const query = { node, ...(rested !== undefined && { at: `${new Date(rested * 1_000).toISOString().slice(0, 19)}Z` }) };
  const { value } = useResource<SiteMoment>(`${path}/moment`, query, { everySeconds: rested === undefined ? 5 : 60 });
  last.current = value ?? last.current;
  return last.current;
}
