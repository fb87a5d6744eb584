import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { openWorld } from '../world.ts';
import { metricsIn, rules } from './scrapes.ts';

const top = join(import.meta.dirname, '../..');
const boards = readdirSync(join(top, 'deploy/grafana')).map((file) => ({
  file,
  board: JSON.parse(readFileSync(join(top, 'deploy/grafana', file), 'utf8')) as {
    uid: string;
    panels: { id: number; title: string; description: string; gridPos: { x: number; w: number }; targets: { expr: string }[] }[];
  },
}));

describe('what is seen of a node from outside', () => {
  /** The metrics of a node by their names, each with its help text. */
  const helps = new Map<string, string>();
  /** The names of series, those of histograms too. */
  const series = new Set<string>();
  beforeAll(async () => {
    await using world = await openWorld();
    const text = await (await fetch(`${world.node().publicUrl}/metrics`)).text();
    for (const [, name = '', help = ''] of text.matchAll(/^# HELP (\S+) (.*)$/gm)) helps.set(name, help);
    for (const [, name = '', type = ''] of text.matchAll(/^# TYPE (\S+) (\S+)$/gm)) {
      const suffixes = type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      for (const suffix of suffixes) series.add(name + suffix);
    }
  });

  test('OPS-D09: each metric has a sentence at /metrics, and a row in docs/operate.md when it is one of Evenkeel', () => {
    const own = [...helps].filter(([name]) => /^(evenkeel|ocpi|ocpp)_/.test(name));
    expect(own.length).toBeGreaterThan(20);
    expect([...helps].filter(([, help]) => help.length < 10)).toEqual([]);
    expect(own.filter(([, help]) => !/^[A-Z0-9].*[^.]$/.test(help) || help.split(' ').length < 4)).toEqual([]);
    const rows = readFileSync(join(top, 'docs/operate.md'), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| `'));
    expect(own.filter(([name]) => !rows.some((row) => row.includes(`\`${name}\``) || row.includes(`\`${name}{`)))).toEqual([]);
  });

  test('OPS-D10: each metric that a rule of deploy/alerts.yaml names exists, and each rule says what to do', () => {
    const named = rules().flatMap(({ alert, expr }) => metricsIn(expr).map((metric) => ({ alert, metric })));
    expect(named.filter(({ metric }) => !series.has(metric))).toEqual([]);
    for (const rule of rules())
      expect(rule).toMatchObject({
        labels: { severity: expect.stringMatching(/^(critical|warning)$/) },
        annotations: { summary: expect.any(String), description: expect.stringMatching(/\.$/) },
      });
  });

  test('OPS-D12: each metric that a board of deploy/grafana shows exists, and each panel has a sentence and a place of its own', () => {
    expect(boards.map(({ board }) => board.uid).toSorted()).toEqual(['evenkeel-charging', 'evenkeel-node']);
    for (const { file, board } of boards) {
      const named = board.panels.flatMap(({ title, targets }) => targets.flatMap(({ expr }) => metricsIn(expr).map((metric) => ({ file, title, metric }))));
      expect(named.filter(({ metric }) => !series.has(metric))).toEqual([]);
      expect(new Set(board.panels.map(({ id }) => id)).size).toBe(board.panels.length);
      for (const panel of board.panels) {
        expect(panel.description).toMatch(/\.$/);
        expect(panel.gridPos.x + panel.gridPos.w).toBeLessThanOrEqual(24);
        for (const { expr } of panel.targets) expect(expr).toContain('instance=~"$instance"');
      }
    }
  });

  test('OPS-D12: a metric that only a board or a rule would need is shown: those of Evenkeel are all on a board', () => {
    const shown = new Set(boards.flatMap(({ board }) => board.panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => metricsIn(expr)))));
    const left = [...helps.keys()].filter((name) => /^(evenkeel|ocpi|ocpp)_/.test(name) && ![...shown].some((it) => it.startsWith(name)));
    expect(left.toSorted()).toEqual(['evenkeel_job_failed_timestamp_seconds', 'evenkeel_site_deviations_total', 'evenkeel_site_look_age_seconds']);
  });
});
