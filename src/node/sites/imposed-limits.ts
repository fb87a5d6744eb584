import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { describeSeveral, pickById } from '../../domain/id-prefix.ts';
import { fold } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { ImposedCeiling } from '../../domain/site/ceiling.ts';
import { imposedCeiling, lowerImposed, readWrittenLimit, type WrittenLimit } from '../../domain/site/imposed-limit.ts';
import { epochSeconds, toSeconds } from '../../domain/units.ts';
import { imposedLimits, imposeLimit, liftLimit } from '../../store/sql/imposed-limit.ts';
import type { Context } from '../core/context.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import type { SiteBalance } from './site-balance.ts';

/** Imposed limits by the names of the nodes of one site. */
type Limits = ReadonlyMap<string, ImposedCeiling>;

/** Limits that are imposed on site nodes at run time: by command and API, which are in the store, and by a file. The lower of both holds. */
export class ImposedLimits {
  readonly #context: Context;
  readonly #balances: () => readonly SiteBalance[];
  #fromFile: ReadonlyMap<string, WrittenLimit> = new Map();
  /** When the file was written: its limits are trusted from then on. */
  #fileWritten = epochSeconds(0);
  /** Time and size of the file as it was last read; `none` after an error. */
  #fileVersion = '';
  /** The limits of each site as they were noted last. */
  readonly #noted = new Map<string, Limits>();
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
  async impose(path: string, limit: WrittenLimit | undefined): Promise<Result<string>> {
    const picked = pickById(this.#paths(), (it) => it, path);
    if (picked.is === 'NONE') return fail(`found ${path}, and no site has such a node; there are ${this.#paths().join(', ')}`);
    if (picked.is === 'SEVERAL') return fail(describeSeveral('nodes', path, picked.ids));
    const known = picked.item;
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
      if (read.ok) [this.#fromFile, this.#fileWritten] = [read.value, epochSeconds(Math.floor(mtimeMs / 1000))];
      else this.#context.reportError(path, read.problem);
    } catch (error) {
      if (this.#fileVersion !== 'none') this.#context.reportError(path, error);
      this.#fileVersion = 'none';
    }
  }

  #noteChanges({ state: { tree, imposed } }: SiteBalance, limits: Limits): void {
    const before = this.#noted.get(tree.name) ?? imposed;
    for (const change of changesOf(before, limits)) this.#context.journal.note({ step: 'site-limit-imposed', site: tree.name, ...change });
    this.#noted.set(tree.name, limits);
  }

  #apply(): Promise<void> {
    return this.#readings.run('all', () => this.#applyStored());
  }

  async #applyStored(): Promise<void> {
    const stored = await this.#context.store.all(imposedLimits);
    const now = toSeconds(this.#context.clock.now());
    for (const balance of this.#balances()) {
      const limits = new Map<string, ImposedCeiling>();
      for (const { name, path } of balance.state.tree.nodes) {
        const [byCommand, inFile] = [stored.find((it) => it.node === fold(path)), this.#fromFile.get(fold(path))];
        const all = [
          byCommand && imposedCeiling(byCommand.limit, { at: toSeconds(byCommand.at), now }),
          inFile && imposedCeiling(inFile, { at: this.#fileWritten, now }),
        ];
        const [first, second] = all.filter((it) => it !== undefined);
        if (first) limits.set(name, second ? lowerImposed(first, second) : first);
      }
      this.#noteChanges(balance, limits);
      balance.impose(limits);
    }
  }
}

/** The nodes whose limit changes, each with its new limit; without one it is lifted. */
function changesOf(before: Limits, after: Limits): { node: string; limit?: ImposedCeiling }[] {
  const lifted = [...before.keys()].filter((node) => !after.has(node)).map((node) => ({ node }));
  const imposed = [...after].filter(([node, limit]) => JSON.stringify(before.get(node)) !== JSON.stringify(limit));
  return [...lifted, ...imposed.map(([node, limit]) => ({ node, limit }))];
}

/** Reads `{ "garage/north": { a: 20 } }`; fails with the first error, by the node's path. */
function readLimits(written: unknown, paths: readonly string[]): Result<ReadonlyMap<string, WrittenLimit>> {
  if (written === null || written === undefined) return ok(new Map());
  if (typeof written !== 'object' || Array.isArray(written)) return fail('must hold one limit for each node, such as garage/north: { a: 20 }');
  const limits = new Map<string, WrittenLimit>();
  for (const [path, value] of Object.entries(written)) {
    if (!paths.some((it) => fold(it) === fold(path))) return fail(`${path} is no node of a site, allowed: ${paths.join(', ')}`);
    const limit = readWrittenLimit(value);
    if (!limit.ok) return fail(`${path}${limit.problem.key === '' ? '' : ` ${limit.problem.key}:`} ${limit.problem.says}`);
    limits.set(fold(path), limit.value);
  }
  return ok(limits);
}
