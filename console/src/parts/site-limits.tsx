import { useState } from 'preact/hooks';
import { useActPreview } from '../data/act-preview.ts';
import { endInWords } from '../data/acts.ts';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { ActPreview as Preview, SiteView } from '../data/console-api-types.ts';
import { labelOf } from '../data/labels.ts';
import { announceAct } from '../data/last-act.ts';
import { nodeNow } from '../data/node-clock.ts';
import { fixedText, limitText, powerText } from '../data/quantity.ts';
import { useHasRole, useUser } from '../data/signed-in-user.ts';
import type { Texts } from '../text/en.ts';
import { text } from '../text/text.ts';
import { ActPreview } from './act-preview.tsx';
import { AnswerNotice } from './answer-notice.tsx';
import { Confirm, Question } from './confirm.tsx';
import { type End, EndField, minutesUntil, ReasonField } from './end-field.tsx';
import { Card } from './page.tsx';
import { type Column, SaveCsv, Table } from './table.tsx';

type Part = SiteView['nodes'][number];
const bothLimits = (it: Part['limit'] | undefined) =>
  [it?.a === undefined ? [] : limitText(it.a, 'A'), it?.w === undefined ? [] : powerText(it.w)].flat().join(', ') || '–';
const perPhase = ({ load }: Part) => load.a.map((it) => fixedText(it, 1)).join(' / ');

const columnsOf = ({ columns }: Texts['site']): readonly Column<Part>[] => [
  { name: columns.part, show: (it) => it.path, plain: (it) => it.path },
  { name: columns.limit, show: (it) => bothLimits(it.limit), plain: (it) => bothLimits(it.limit), right: true },
  { name: columns.applied, show: (it) => bothLimits(it.imposed), plain: (it) => bothLimits(it.imposed), right: true },
  { name: columns.perPhase, show: perPhase, plain: perPhase, right: true },
  { name: columns.total, show: (it) => powerText(it.load.w), plain: (it) => it.load.w, right: true },
];

/** The limits of one site and what is reserved under them, with a form to apply a lower limit and to remove it. */
export function SiteLimits({ site, onDone }: { site: SiteView; onDone(): void }) {
  const texts = text().site;
  const columns = columnsOf(texts);
  return (
    <Card
      title={texts.limits(site.name)}
      note={texts.rule(labelOf(site.rule))}
      actions={<SaveCsv name={texts.limits(site.name)} columns={columns} rows={site.nodes} />}
    >
      <Table name={texts.limits(site.name)} columns={columns} rows={site.nodes} idOf={(it) => it.path} />
      <LimitForm site={site} onDone={onDone} />
    </Card>
  );
}

interface Draft extends End {
  part: string;
  value: string;
  unit: string;
  reason: string;
}

/** Applies a limit to a part of a site, or removes it: says before what the site does then, and offers to undo it afterwards. */
function LimitForm({ site, onDone }: { site: SiteView; onDone(): void }) {
  const texts = text().site;
  const mayOperate = useHasRole('operate');
  const user = useUser();
  const [form, setForm] = useState<Draft>({ part: site.name, value: '', unit: 'A', minutes: USUAL_MINUTES, until: undefined, reason: '' });
  const [result, setResult] = useState<{ answer: ApiAnswer<unknown>; success: string } | undefined>(undefined);
  const [asks, setAsks] = useState(false);
  const query = { node: form.part };
  const limit = Number(form.value);
  const body = form.value === '' ? undefined : { [form.unit.toLowerCase()]: limit, ...untilOf(form) };
  const preview = useActPreview(mayOperate && body ? { path: PREVIEW, query, body: { [form.unit.toLowerCase()]: limit } } : undefined);
  const done = text().acts.done;
  const send = async (it: { method: 'PUT' | 'DELETE'; success: string; says: string; body?: object }) => {
    const before = await callApi<Preview>(PREVIEW, { method: 'POST', query, body: it.body ?? { lift: true } });
    const answer = await callApi('sites/limits', { method: it.method, query: { ...query, reason: form.reason.trim() }, ...(it.body && { body: it.body }) });
    setResult({ answer, success: it.success });
    if (answer.ok) announceAct(it.says, before.ok ? before.value.undo : undefined);
    onDone();
  };
  const limited = limitText(limit, form.unit === 'A' ? 'A' : 'W');
  const says = done.limited(user.name, form.part, `${limited}${endInWords(minutesUntil(form))}`);
  const apply = () => body && void send({ method: 'PUT', success: texts.applied(form.part, limited), says, body });
  const ask = async (event: Event) => {
    event.preventDefault();
    const known = preview ?? (await callApi<Preview>(PREVIEW, { method: 'POST', query, body }));
    if (known.ok && known.value.pauses) setAsks(true);
    else apply();
  };
  return (
    <>
      <form class="filters stack" onSubmit={(event) => void ask(event)}>
        <LimitFields site={site} form={form} onChange={(part) => setForm({ ...form, ...part })} />
        {body && <ActPreview answer={preview} />}
        <div class="row">
          <button type="submit" class="button first" disabled={!mayOperate}>
            {texts.apply}
          </button>
          <Confirm
            label={texts.remove}
            disabled={!mayOperate}
            onConfirm={() => void send({ method: 'DELETE', success: texts.removed(form.part), says: done.lifted(user.name, form.part) })}
          >
            {texts.removeHelp(form.part)}
          </Confirm>
        </div>
      </form>
      {asks && (
        <Question title={text().acts.pause.title} yes={text().acts.pause.yes} danger onYes={apply} onClose={() => setAsks(false)}>
          {text().acts.pause.site(form.part)}
        </Question>
      )}
      {result && <AnswerNotice answer={result.answer} success={result.success} />}
    </>
  );
}

/** Minutes that a limit of a site holds when the user does not say. */
const USUAL_MINUTES = 60;
const PREVIEW = 'sites/limits/preview';

/** The end of a limit as the node reads it; whole seconds. */
function untilOf(end: End): { until?: string } {
  const minutes = minutesUntil(end);
  return minutes === undefined || !Number.isFinite(minutes) ? {} : { until: new Date(Math.round(nodeNow() + minutes * 60) * 1000).toISOString() };
}

function LimitFields({ site, form, onChange }: { site: SiteView; form: Draft; onChange(part: Partial<Draft>): void }) {
  const texts = text().site;
  return (
    <>
      <div class="row">
        <label class="field">
          <span>{texts.part}</span>
          <select class="input" value={form.part} onChange={(event) => onChange({ part: event.currentTarget.value })}>
            {site.nodes.map(({ path }) => (
              <option key={path}>{path}</option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{texts.limitTo}</span>
          <input
            class="input"
            type="number"
            min="0"
            step="any"
            required
            value={form.value}
            onInput={(event) => onChange({ value: event.currentTarget.value })}
          />
        </label>
        <label class="field">
          <span>{texts.unit}</span>
          <select class="input" value={form.unit} onChange={(event) => onChange({ unit: event.currentTarget.value })}>
            <option value="A">{text().profile.amperesPerPhase}</option>
            <option value="W">{text().profile.wattsTotal}</option>
          </select>
        </label>
        <ReasonField value={form.reason} onChange={(reason) => onChange({ reason })} />
      </div>
      <EndField end={form} open={text().acts.end.open} usual={USUAL_MINUTES} onChange={onChange} />
    </>
  );
}
