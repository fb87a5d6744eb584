import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { lacksPromtool, promtoolPath } from '../../scripts/test-promtool.ts';
import type { VirtualClock } from '../../sim/clock.ts';
import { letNodesWork, letTimePass } from '../let-time-pass.ts';

/** Seconds between two scrapes: the interval that deploy/alerts.yaml asks for. */
const EVERY_S = 5;
const RULES = join(import.meta.dirname, '../../deploy/alerts.yaml');

/** A rule of deploy/alerts.yaml. */
export interface Rule {
  alert: string;
  expr: string;
  /** Such as `30s`. */
  for?: string;
}
export const rules = (): Rule[] => parse(readFileSync(RULES, 'utf8')).groups.flatMap((group: { rules: Rule[] }) => group.rules);

/** The names of metrics in an expression of PromQL. */
export const metricsIn = (expression: string): string[] => [
  ...new Set([...expression.replace(/"[^"]*"/g, '').matchAll(/\b(?:evenkeel|ocpi|ocpp|nodejs|process)_\w+/g)].map(([name]) => name)),
];

/** An expression, the moment in s at which it is evaluated, and how many results it must have. */
interface Expected {
  expr: string;
  at: number;
  results: 'some' | 'none';
}

/** Metrics of the process are those of the test, which runs as fast as the machine lets it. */
const OF_THE_PROCESS = /^(nodejs|process)_/;

/** The metrics of a node, scraped every 5 s, as a Prometheus keeps them. */
export class Scrapes {
  readonly #clock: VirtualClock;
  readonly #url: () => string;
  /** Which metrics the rules use; others are not kept. */
  readonly #names = new Set(rules().flatMap(({ expr }) => metricsIn(expr).filter((name) => !OF_THE_PROCESS.test(name))));
  /** For each series its values; undefined where a scrape had none. */
  readonly #series = new Map<string, (string | undefined)[]>();
  readonly #expected: Expected[] = [];
  #count = 0;

  constructor(clock: VirtualClock, url: () => string) {
    this.#clock = clock;
    this.#url = url;
  }

  /** The moment of the newest scrape, in s. */
  get now(): number {
    return (this.#count - 1) * EVERY_S;
  }

  /** Lets time pass, with a scrape every 5 s; `meanwhile` runs before each. */
  async pass(seconds: number, meanwhile?: () => unknown): Promise<void> {
    for (let rest = seconds; rest > 0; rest -= EVERY_S) {
      for (let second = 0; second < EVERY_S; second += 1) await this.#clock.advance(1_000);
      await letNodesWork(this.#url());
      await meanwhile?.();
      await this.scrape();
    }
  }

  async scrape(): Promise<void> {
    const text = await letTimePass(
      this.#clock,
      fetch(`${this.#url()}/metrics`).then((answer) => answer.text()),
      this.#url(),
    );
    this.#add(text);
  }

  /** A scrape without an answer. */
  scrapeNothing(seconds: number): void {
    for (let rest = seconds; rest > 0; rest -= EVERY_S) this.#add(undefined);
  }

  /** The alert must be pending or firing now, and firing when its `for` is over. */
  expectRaised({ alert, for: duration = '0s' }: Rule, since: number): void {
    const wait = secondsOf(duration);
    if (this.now - since > 10) throw new Error(`${alert} is looked at ${this.now - since} s after its fault`);
    this.#expected.push({ expr: `ALERTS{alertname="${alert}"}`, at: this.now, results: 'some' });
    this.#expected.push({ expr: `ALERTS{alertname="${alert}",alertstate="firing"}`, at: this.now + wait, results: 'some' });
  }

  /** From this moment on until now no alert was raised, not even pending. */
  expectQuiet(since: number): void {
    this.#expected.push({ expr: `count_over_time(ALERTS[${this.now - since}s])`, at: this.now, results: 'none' });
  }

  /** What promtool found to be otherwise; empty when all is as expected. */
  verdict(): string {
    const why = lacksPromtool();
    if (why !== undefined) throw new Error(why);
    const series = [...this.#series].map(([name, values]) => ({ series: name, values: values.map((it) => it ?? '_').join(' ') }));
    const file = {
      rule_files: ['alerts.yaml'],
      evaluation_interval: `${EVERY_S}s`,
      tests: [
        {
          interval: `${EVERY_S}s`,
          input_series: series,
          promql_expr_test: this.#expected.map(({ expr, at, results }) => ({
            expr: results === 'some' ? `count(${expr}) > bool 0` : expr,
            eval_time: `${at}s`,
            exp_samples: results === 'some' ? [{ labels: '{}', value: 1 }] : [],
          })),
        },
      ],
    };
    return runPromtool(stringify(file, { lineWidth: 0 }));
  }

  #add(text: string | undefined): void {
    const found = new Map<string, string>([[`up{${TARGET}}`, text === undefined ? '0' : '1']]);
    for (const line of text?.split('\n') ?? []) {
      const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? [];
      if (!this.#names.has(name)) continue;
      // As Prometheus does, a label of the node that its own labels also have gets another name.
      const own = labels.replace(/(^|,)(job|instance)=/g, '$1exported_$2=');
      found.set(`${name}{${[own, TARGET].filter((it) => it !== '').join(',')}}`, value.replace(/^Nan$/i, '_'));
    }
    for (const name of new Set([...this.#series.keys(), ...found.keys()])) {
      const values = this.#series.get(name) ?? Array.from<undefined>({ length: this.#count });
      this.#series.set(name, [...values, found.get(name)]);
    }
    this.#count += 1;
  }
}
/** The labels that Prometheus gives to what it scrapes. */
const TARGET = 'instance="node-1",job="evenkeel"';

/** Such as 30 of `30s`, or 60 of `1m`. */
const secondsOf = (duration: string): number => Number.parseInt(duration, 10) * (duration.endsWith('m') ? 60 : 1);

/** Runs a file of tests of promtool beside deploy/alerts.yaml; what failed. */
export function runPromtool(tests: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-alerts-'));
  try {
    writeFileSync(join(folder, 'alerts.yaml'), readFileSync(RULES));
    writeFileSync(join(folder, 'tests.yaml'), tests);
    const { status, stdout, stderr } = spawnSync(promtoolPath(), ['test', 'rules', 'tests.yaml'], { cwd: folder, encoding: 'utf8' });
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What promtool says of expressions that it cannot read; empty when it reads all. */
export function unreadable(expressions: readonly string[]): string {
  const rules = expressions.map((expr, n) => ({ record: `expression_${n}`, expr }));
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-expressions-'));
  try {
    writeFileSync(join(folder, 'rules.yaml'), stringify({ groups: [{ name: 'expressions', rules }] }, { lineWidth: 0 }));
    const { status, stdout, stderr } = spawnSync(promtoolPath(), ['check', 'rules', 'rules.yaml'], { cwd: folder, encoding: 'utf8' });
    return status === 0 ? '' : `${stdout}${stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
