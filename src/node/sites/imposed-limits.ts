import { readFileSync, statSync } from 'node:fs';
import { parse } from 'yaml';
import { describeSeveral, pickById } from '../../domain/id-prefix.ts';
import { fold } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { ImposedCeiling } from '../../domain/site/ceiling.ts';
import { imposedCeiling, lowerImposed, readWrittenLimit, type WrittenLimit } from '../../domain/site/imposed-limit.ts';
import { previewSite, type ShareChange } from '../../domain/site/preview-site.ts';
import { type EpochSeconds, epochSeconds, toSeconds } from '../../domain/units.ts';
import { type ImposedLimit, imposedLimits, imposeLimit, liftLimit } from '../../store/sql/imposed-limit.ts';
import type { Context } from '../core/context.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import type { SiteBalance } from './site-balance.ts';

/** Imposed limits by the names of the nodes of one site. */
type Limits = ReadonlyMap<string, ImposedCeiling>;

/** Who imposes a limit (the id of a user or API key), and why. */
export type ActNote = Pick<ImposedLimit, 'author' | 'reason'>;

/** What a limit would replace, and what the EVSEs of the site would get with it. */
export interface ImposedPreview {
  /** The path of the node. */
  node: string;
  replaced?: ImposedLimit;
  changes: readonly ShareChange[];
}

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
  async impose(path: string, limit: WrittenLimit | undefined, { author, reason }: ActNote = {}): Promise<Result<string>> {
    const picked = this.#pick(path);
    if (!picked.ok) return picked;
    const node = fold(picked.value);
    const note = { ...(author !== undefined && { author }), ...(reason !== undefined && { reason }) };
    await this.#context.store.commit([limit ? imposeLimit({ node, limit, at: this.#context.clock.now(), ...note }) : liftLimit(node)]);
    await this.#apply();
    return picked;
  }

  /** What `impose` would replace and what the site would do then; nothing is changed. */
  async preview(path: string, limit: WrittenLimit | undefined): Promise<Result<ImposedPreview>> {
    const picked = this.#pick(path);
    if (!picked.ok) return picked;
    const { clock, store } = this.#context;
    const now = toSeconds(clock.now());
    const replaced = (await store.all(imposedLimits)).find(({ node }) => node === fold(picked.value));
    const balance = this.#balances().find(({ state }) => state.tree.nodes.some((it) => it.path === picked.value));
    const name = balance?.state.tree.nodes.find((it) => it.path === picked.value)?.name;
    if (!balance || name === undefined) return fail(`found ${path}, which is no node of a site any more`);
    const ceiling = this.#ceilingOf(picked.value, limit && { limit, at: clock.now() }, now);
    const changes = previewSite(balance.state, [{ kind: 'limit-changed', node: name, ...(ceiling && { limit: ceiling }) }], now);
    return ok({ node: picked.value, changes, ...(replaced && { replaced }) });
  }

  /** The path of the node that a text names: whole, or by a beginning that one node has. */
  #pick(path: string): Result<string> {
    const picked = pickById(this.#paths(), (it) => it, path);
    if (picked.is === 'NONE') return fail(`found ${path}, and no site has such a node; there are ${this.#paths().join(', ')}`);
    return picked.is === 'SEVERAL' ? fail(describeSeveral('nodes', path, picked.ids)) : ok(picked.item);
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
        const byCommand = stored.find((it) => it.node === fold(path));
        const ceiling = this.#ceilingOf(path, byCommand, now);
        if (ceiling) limits.set(name, ceiling);
      }
      this.#noteChanges(balance, limits);
      balance.impose(limits);
    }
  }

  /** The lower of the limit by command and the one in the file; undefined: the node has neither. */
  #ceilingOf(path: string, byCommand: Pick<ImposedLimit, 'limit' | 'at'> | undefined, now: EpochSeconds): ImposedCeiling | undefined {
    const inFile = this.#fromFile.get(fold(path));
    const all = [
      byCommand && imposedCeiling(byCommand.limit, { at: toSeconds(byCommand.at), now }),
      inFile && imposedCeiling(inFile, { at: this.#fileWritten, now }),
    ];
    const [first, second] = all.filter((it) => it !== undefined);
    return first && second ? lowerImposed(first, second) : first;
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
