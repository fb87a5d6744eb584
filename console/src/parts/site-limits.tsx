import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { SiteView } from '../data/console-api-types.ts';
import { labelOf } from '../data/labels.ts';
import { fixedText, limitText, powerText } from '../data/quantity.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import type { Texts } from '../text/en.ts';
import { text } from '../text/text.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Confirm } from './confirm.tsx';
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
  const mayOperate = useHasRole('operate');
  const [form, setForm] = useState({ part: site.name, value: '', unit: 'A' });
  const [result, setResult] = useState<{ answer: ApiAnswer<unknown>; success: string } | undefined>(undefined);
  const send = async (method: 'PUT' | 'DELETE', success: string, body?: object) => {
    const answer = await callApi('sites/limits', { method, query: { node: form.part }, ...(body && { body }) });
    setResult({ answer, success });
    onDone();
  };
  const apply = (event: Event) => {
    event.preventDefault();
    const value = Number(form.value);
    void send('PUT', texts.applied(form.part, limitText(value, form.unit === 'A' ? 'A' : 'W')), { [form.unit.toLowerCase()]: value });
  };
  return (
    <Card
      title={texts.limits(site.name)}
      note={texts.rule(labelOf(site.rule))}
      actions={<SaveCsv name={texts.limits(site.name)} columns={columns} rows={site.nodes} />}
    >
      <Table name={texts.limits(site.name)} columns={columns} rows={site.nodes} idOf={(it) => it.path} />
      <form class="row filters" onSubmit={apply}>
        <label class="field">
          <span>{texts.part}</span>
          <select class="input" value={form.part} onChange={(event) => setForm({ ...form, part: event.currentTarget.value })}>
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
            onInput={(event) => setForm({ ...form, value: event.currentTarget.value })}
          />
        </label>
        <label class="field">
          <span>{texts.unit}</span>
          <select class="input" value={form.unit} onChange={(event) => setForm({ ...form, unit: event.currentTarget.value })}>
            <option value="A">{text().profile.amperesPerPhase}</option>
            <option value="W">{text().profile.wattsTotal}</option>
          </select>
        </label>
        <button type="submit" class="button first" disabled={!mayOperate}>
          {texts.apply}
        </button>
        <Confirm label={texts.remove} disabled={!mayOperate} onConfirm={() => send('DELETE', texts.removed(form.part))}>
          {texts.removeHelp(form.part)}
        </Confirm>
      </form>
      {result && <AnswerNotice answer={result.answer} success={result.success} />}
    </Card>
  );
}
