import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { fold } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { Ceiling } from '../../domain/site/ceiling.ts';
import { amperes, watts } from '../../domain/units.ts';
import { imposedLimits, imposeLimit, liftLimit } from '../../store/sql/imposed-limit.ts';
import type { Context } from '../core/context.ts';
import type { SiteBalance } from './site-balance.ts';

/** How soon a change by another process, or of the file, is seen. */
const LOOK_MS = 1_000;

/** Limits that are imposed on nodes at run time: by command and API, kept in the store, and by a file that is watched; the lower holds. */
export class ImposedLimits {
  readonly #context: Context;
  readonly #balances: readonly SiteBalance[];
  #fromFile: ReadonlyMap<string, Ceiling> = new Map();
  #seen = '';
  #stop: (() => void) | undefined;
  #stopped = false;

  constructor(context: Context, balances: readonly SiteBalance[]) {
    this.#context = context;
    this.#balances = balances;
  }

  async start(): Promise<void> {
    await this.#look();
  }

  stop(): void {
    this.#stopped = true;
    this.#stop?.();
  }

  /** Imposes a limit on a node, or lifts it; fails with the nodes that there are. */
  async impose(path: string, limit: Ceiling | undefined): Promise<Result<string>> {
    const known = this.#paths().find((it) => fold(it) === fold(path));
    if (known === undefined) return fail(`found ${path}, and no site has such a node; there are ${this.#paths().join(', ')}`);
    await this.#context.store.commit([limit ? imposeLimit({ node: fold(known), limit, at: this.#context.clock.now() }) : liftLimit(fold(known))]);
    await this.#apply();
    return ok(known);
  }

  #paths(): readonly string[] {
    return this.#balances.flatMap(({ state }) => state.tree.nodes.map(({ path }) => path));
  }

  async #look(): Promise<void> {
    this.#readFile();
    await this.#apply();
    if (!this.#stopped)
      this.#stop = this.#context.clock.after(LOOK_MS, () => void this.#look().catch((error) => this.#context.reportError('imposed limits', error)));
  }

  /** A file with a mistake changes nothing: what held goes on. */
  #readFile(): void {
    const { site_limits: path } = this.#context.config;
    if (path === undefined) return;
    try {
      const { mtimeMs, size } = statSync(path);
      const seen = `${mtimeMs} ${size}`;
      if (seen === this.#seen) return;
      this.#seen = seen;
      const read = readLimits(parse(readFileSync(path, 'utf8')), this.#paths());
      if (read.ok) this.#fromFile = read.value;
      else this.#context.reportError(path, read.problem);
    } catch (error) {
      if (this.#seen !== 'none') this.#context.reportError(path, error);
      this.#seen = 'none';
    }
  }

  async #apply(): Promise<void> {
    const stored = await this.#context.store.all(imposedLimits);
    for (const balance of this.#balances) {
      const limits = new Map<string, Ceiling>();
      for (const { name, path } of balance.state.tree.nodes) {
        const all = [stored.find((it) => it.node === fold(path))?.limit, this.#fromFile.get(fold(path))].filter((it) => it !== undefined);
        const [first, second] = all;
        if (first) limits.set(name, second ? lowerOf(first, second) : first);
      }
      balance.impose(limits);
    }
  }
}

const least = (one: number | undefined, other: number | undefined) => (one === undefined ? other : Math.min(one, other ?? Infinity));
function lowerOf(one: Ceiling, other: Ceiling): Ceiling {
  const [a, w] = [least(one.a, other.a), least(one.w, other.w)];
  return { ...(a !== undefined && { a: amperes(a) }), ...(w !== undefined && { w: watts(w) }) };
}

/** Reads `{ "garage/north": { a: 20 } }`; fails with the first mistake, by the node's path. */
function readLimits(written: unknown, paths: readonly string[]): Result<ReadonlyMap<string, Ceiling>> {
  if (written === null || written === undefined) return ok(new Map());
  if (typeof written !== 'object' || Array.isArray(written)) return fail('must hold one limit for each node, such as garage/north: { a: 20 }');
  const limits = new Map<string, Ceiling>();
  for (const [path, told] of Object.entries(written)) {
    if (!paths.some((it) => fold(it) === fold(path))) return fail(`${path} is no node of a site; there are ${paths.join(', ')}`);
    const limit = ceilingIn(told);
    if (!limit) return fail(`${path} must have a (A on each phase), w (W over all phases), or both, from 0 on`);
    limits.set(fold(path), limit);
  }
  return ok(limits);
}

function ceilingIn(told: unknown): Ceiling | undefined {
  if (typeof told !== 'object' || told === null) return undefined;
  const entries = Object.entries(told);
  const isLimit = ([key, value]: [string, unknown]) => (key === 'a' || key === 'w') && typeof value === 'number' && value >= 0 && Number.isFinite(value);
  if (entries.length === 0 || !entries.every(isLimit)) return undefined;
  const { a, w } = Object.fromEntries(entries);
  return { ...(a !== undefined && { a: amperes(a) }), ...(w !== undefined && { w: watts(w) }) };
}
