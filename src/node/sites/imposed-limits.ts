import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { fold } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { Ceiling } from '../../domain/site/ceiling.ts';
import { amperes, watts } from '../../domain/units.ts';
import { imposedLimits, imposeLimit, liftLimit } from '../../store/sql/imposed-limit.ts';
import type { Context } from '../core/context.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import type { SiteBalance } from './site-balance.ts';

/** Limits that are imposed on site nodes at run time: by command and API, which are in the store, and by a file. The lower of both holds. */
export class ImposedLimits {
  readonly #context: Context;
  readonly #balances: () => readonly SiteBalance[];
  #fromFile: ReadonlyMap<string, Ceiling> = new Map();
  /** Time and size of the file as it was last read; `none` after an error. */
  #fileVersion = '';
  /** One after another: an older reading must not replace a newer one. */
  readonly #readings = new SerialByKey<'all'>();

  constructor(context: Context, balances: () => readonly SiteBalance[]) {
    this.#context = context;
    this.#balances = balances;
  }

  /** Reads the file and the store, and applies what holds now. Rejects when the store cannot be read; the limits before then still hold. */
  async read(): Promise<void> {
    this.#readFile();
    await this.#apply();
  }

  /** The sites have changed: the file may name other nodes now. */
  forgetFile(): void {
    this.#fileVersion = '';
  }

  /** Imposes a limit on a node, or lifts it when `limit` is undefined. Resolves with the path of the node; fails with the list of all nodes. */
  async impose(path: string, limit: Ceiling | undefined): Promise<Result<string>> {
    const known = this.#paths().find((it) => fold(it) === fold(path));
    if (known === undefined) return fail(`found ${path}, and no site has such a node; there are ${this.#paths().join(', ')}`);
    await this.#context.store.commit([limit ? imposeLimit({ node: fold(known), limit, at: this.#context.clock.now() }) : liftLimit(fold(known))]);
    await this.#apply();
    return ok(known);
  }

  #paths(): readonly string[] {
    return this.#balances().flatMap(({ state }) => state.tree.nodes.map(({ path }) => path));
  }

  /** A file with an error changes nothing: the limits before it still hold. */
  #readFile(): void {
    const { site_limits: path } = this.#context.config;
    if (path === undefined) return;
    try {
      const { mtimeMs, size } = statSync(path);
      const version = `${mtimeMs} ${size}`;
      if (version === this.#fileVersion) return;
      this.#fileVersion = version;
      const read = readLimits(parse(readFileSync(path, 'utf8')), this.#paths());
      if (read.ok) this.#fromFile = read.value;
      else this.#context.reportError(path, read.problem);
    } catch (error) {
      if (this.#fileVersion !== 'none') this.#context.reportError(path, error);
      this.#fileVersion = 'none';
    }
  }

  #apply(): Promise<void> {
    return this.#readings.run('all', () => this.#applyStored());
  }

  async #applyStored(): Promise<void> {
    const stored = await this.#context.store.all(imposedLimits);
    for (const balance of this.#balances()) {
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

const lower = (one: number | undefined, other: number | undefined) => (one === undefined ? other : Math.min(one, other ?? Infinity));
/** The lower of two limits in each unit; a unit that neither has stays without a limit. */
function lowerOf(one: Ceiling, other: Ceiling): Ceiling {
  const [a, w] = [lower(one.a, other.a), lower(one.w, other.w)];
  return { ...(a !== undefined && { a: amperes(a) }), ...(w !== undefined && { w: watts(w) }) };
}

/** Reads `{ "garage/north": { a: 20 } }`; fails with the first error, by the node's path. */
function readLimits(written: unknown, paths: readonly string[]): Result<ReadonlyMap<string, Ceiling>> {
  if (written === null || written === undefined) return ok(new Map());
  if (typeof written !== 'object' || Array.isArray(written)) return fail('must hold one limit for each node, such as garage/north: { a: 20 }');
  const limits = new Map<string, Ceiling>();
  for (const [path, value] of Object.entries(written)) {
    if (!paths.some((it) => fold(it) === fold(path))) return fail(`${path} is no node of a site, allowed: ${paths.join(', ')}`);
    const limit = ceilingIn(value);
    if (!limit) return fail(`${path} must have a (A on each phase), w (W over all phases), or both, from 0 on`);
    limits.set(fold(path), limit);
  }
  return ok(limits);
}

function ceilingIn(value: unknown): Ceiling | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const entries = Object.entries(value);
  const isLimit = ([key, most]: [string, unknown]) => (key === 'a' || key === 'w') && typeof most === 'number' && most >= 0 && Number.isFinite(most);
  if (entries.length === 0 || !entries.every(isLimit)) return undefined;
  const { a, w } = Object.fromEntries(entries);
  return { ...(a !== undefined && { a: amperes(a) }), ...(w !== undefined && { w: watts(w) }) };
}
