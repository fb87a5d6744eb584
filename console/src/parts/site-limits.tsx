import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { SiteView } from '../data/console-api-types.ts';
import { labelOf } from '../data/labels.ts';
import { limitText, powerText } from '../data/quantity.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { AnswerNotice } from './answer-notice.tsx';
import { Confirm } from './confirm.tsx';
import { Card } from './page.tsx';
import { type Column, SaveCsv, Table } from './table.tsx';

type Part = SiteView['nodes'][number];
const bothLimits = (it: Part['limit'] | undefined) =>
  [it?.a === undefined ? [] : limitText(it.a, 'A'), it?.w === undefined ? [] : powerText(it.w)].flat().join(', ') || '–';
const perPhase = ({ load }: Part) => load.a.map((it) => it.toFixed(1)).join(' / ');

const columns: readonly Column<Part>[] = [
  { name: 'Part', show: (it) => it.path, plain: (it) => it.path },
  { name: 'Limit', show: (it) => bothLimits(it.limit), plain: (it) => bothLimits(it.limit), right: true },
  { name: 'Applied limit', show: (it) => bothLimits(it.imposed), plain: (it) => bothLimits(it.imposed), right: true },
  { name: 'Reserved per phase (L1/L2/L3), A', show: perPhase, plain: perPhase, right: true },
  { name: 'Reserved in total', show: (it) => powerText(it.load.w), plain: (it) => it.load.w, right: true },
];

/** The limits of one site and what is reserved under them, with a form to apply a lower limit and to remove it. */
export function SiteLimits({ site, onDone }: { site: SiteView; onDone(): void }) {
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
    void send('PUT', `${form.part} is limited to ${limitText(value, form.unit === 'A' ? 'A' : 'W')}.`, { [form.unit.toLowerCase()]: value });
  };
  return (
    <Card
      title={`Limits of ${site.name}`}
      note={`Rule: ${labelOf(site.rule)}`}
      actions={<SaveCsv name={`Limits of ${site.name}`} columns={columns} rows={site.nodes} />}
    >
      <Table name={`Limits of ${site.name}`} columns={columns} rows={site.nodes} idOf={(it) => it.path} />
      <form class="row filters" onSubmit={apply}>
        <label class="field">
          <span>Part</span>
          <select class="input" value={form.part} onChange={(event) => setForm({ ...form, part: event.currentTarget.value })}>
            {site.nodes.map(({ path }) => (
              <option key={path}>{path}</option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Limit to</span>
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
          <span>Unit</span>
          <select class="input" value={form.unit} onChange={(event) => setForm({ ...form, unit: event.currentTarget.value })}>
            <option value="A">A per phase</option>
            <option value="W">W total</option>
          </select>
        </label>
        <button type="submit" class="button first" disabled={!mayOperate}>
          Apply
        </button>
        <Confirm label="Remove" disabled={!mayOperate} onConfirm={() => send('DELETE', `The applied limit of ${form.part} is removed.`)}>
          The applied limit of {form.part} is removed. Limits of the configuration and of a limits file stay in force.
        </Confirm>
      </form>
      {result && <AnswerNotice answer={result.answer} success={result.success} />}
    </Card>
  );
}
