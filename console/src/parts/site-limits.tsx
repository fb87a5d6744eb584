import { useState } from 'preact/hooks';
import { type ApiAnswer, callApi } from '../data/api-client.ts';
import type { SiteView } from '../data/console-api-types.ts';
import { useHasRole } from '../data/signed-in-user.ts';
import { limitText, powerText } from '../data/quantity.ts';
import { Confirm } from './confirm.tsx';
import { Card } from './page.tsx';
import { type Column, Table, SaveCsv } from './table.tsx';
import { AnswerNotice } from './answer-notice.tsx';

type Node = SiteView['nodes'][number];
const told = (it: Node['limit'] | undefined) =>
  [it?.a === undefined ? [] : limitText(it.a, 'A'), it?.w === undefined ? [] : powerText(it.w)].flat().join(', ') || '–';
const phases = ({ load }: Node) => load.a.map((it) => it.toFixed(1)).join(' / ');

const columns: readonly Column<Node>[] = [
  { name: 'Node', show: (it) => it.path, plain: (it) => it.path },
  { name: 'Limit', show: (it) => told(it.limit), plain: (it) => told(it.limit), right: true },
  { name: 'Imposed', show: (it) => told(it.imposed), plain: (it) => told(it.imposed), right: true },
  { name: 'Counted on R / S / T, A', show: phases, plain: phases, right: true },
  { name: 'Counted, in all', show: (it) => powerText(it.load.w), plain: (it) => it.load.w, right: true },
];

/** The limits of one site's cables with what counts against them, and a way to impose another. */
export function SiteLimits({ site, onDone }: { site: SiteView; onDone(): void }) {
  const operate = useHasRole('operate');
  const [wish, setWish] = useState({ node: site.name, value: '', unit: 'A' });
  const [said, say] = useState<{ answer: ApiAnswer<unknown>; good: string } | undefined>(undefined);
  const act = async (method: 'PUT' | 'DELETE', good: string, body?: object) => {
    const answer = await callApi('sites/limits', { method, query: { node: wish.node }, ...(body && { body }) });
    say({ answer, good });
    onDone();
  };
  const impose = (event: Event) => {
    event.preventDefault();
    void act('PUT', `${wish.node} stays below ${limitText(Number(wish.value), wish.unit === 'A' ? 'A' : 'W')}.`, {
      [wish.unit.toLowerCase()]: Number(wish.value),
    });
  };
  return (
    <Card title={`Cables of ${site.name}`} note={`shared by the rule ${site.rule}`} actions={<SaveCsv name={site.name} columns={columns} rows={site.nodes} />}>
      <Table name={`Cables of ${site.name}`} columns={columns} rows={site.nodes} idOf={(it) => it.path} />
      <form class="row filters" onSubmit={impose}>
        <label class="field">
          <span>Node</span>
          <select class="input" value={wish.node} onChange={(event) => setWish({ ...wish, node: event.currentTarget.value })}>
            {site.nodes.map(({ path }) => (
              <option key={path}>{path}</option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>Stays below</span>
          <input
            class="input"
            type="number"
            min="0"
            step="any"
            required
            value={wish.value}
            onInput={(event) => setWish({ ...wish, value: event.currentTarget.value })}
          />
        </label>
        <label class="field">
          <span>Unit</span>
          <select class="input" value={wish.unit} onChange={(event) => setWish({ ...wish, unit: event.currentTarget.value })}>
            <option value="A">A on each phase</option>
            <option value="W">W over all phases</option>
          </select>
        </label>
        <button type="submit" class="button first" disabled={!operate}>
          Impose
        </button>
        <Confirm label="Lift" disabled={!operate} onConfirm={() => act('DELETE', `What was imposed on ${wish.node} is lifted.`)}>
          What was imposed on {wish.node} is lifted; its own limits go on.
        </Confirm>
      </form>
      {said && <AnswerNotice answer={said.answer} good={said.good} />}
    </Card>
  );
}
