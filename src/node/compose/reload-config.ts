import { isDeepStrictEqual } from 'node:util';
import { stationId } from '../../domain/ids.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import type { Config } from '../config/config.ts';
import { checkConfig } from '../config/config-file.ts';
import { type ConfigInput, checkInput } from '../config/define-config.ts';
import { sitesOf } from '../config/read-sites.ts';
import type { Context } from '../core/context.ts';
import { SerialByKey } from '../core/serial-by-key.ts';
import { saveConfiguredAgreements } from '../rights/agreements.ts';
import type { Roles } from './compose.ts';

/** The keys of a configuration that may change while a node runs. */
const CHANGEABLE = ['charge_points', 'locations', 'sites', 'tokens', 'contracts', 'consents'] as const;

/** What a reload did, by keys of the configuration such as `charge_points` or `ocpp.port`. */
export interface Reloaded {
  changed: readonly string[];
  /** Changed in the new configuration, and unchanged in the node: these keys need a restart. */
  refused: readonly string[];
}

/** Applies a new configuration to a running node. Fails with the mistakes when the node could not run on it; nothing has changed then. */
export type ReloadConfig = (next: ConfigInput) => Promise<Result<Reloaded, readonly string[]>>;

/** Creates the function that reloads; `started` is the configuration that the node was given (F-86). */
export function createReload(context: Context, roles: Roles, started: Config): ReloadConfig {
  let current = started;
  const reloads = new SerialByKey<'reload'>();
  return (input) =>
    reloads.run('reload', async () => {
      const read = checkInput(input);
      if (!read.ok) return fail(linesOf(read.problem));
      const next = read.value;
      const paths = changedPaths(current, next);
      const changed = CHANGEABLE.filter((key) => paths.includes(key));
      const merged: Config = { ...current };
      for (const key of changed) Object.assign(merged, { [key]: next[key] });
      const checked = checkConfig(merged);
      if (!checked.ok) return fail(linesOf(checked.problem));
      if (changed.length > 0) await apply(context, roles, { before: current, next: merged });
      current = merged;
      return ok({ changed, refused: paths.filter((path) => !CHANGEABLE.some((key) => key === path)) });
    });
}

const linesOf = (mistakes: readonly { key: string; says: string }[]) => mistakes.map(({ key, says }) => `${key}: ${says}`);

/** The context's configuration is one object that all parts read: its keys are replaced first, then what was derived from them. */
async function apply(context: Context, { cpo, tokens, services }: Roles, { before, next }: { before: Config; next: Config }): Promise<void> {
  for (const key of CHANGEABLE) Object.assign(context.config, { [key]: next[key] });
  await saveConfiguredAgreements({ ...context, now: context.clock.now() });
  await services.agreements.refresh();
  await tokens.reload();
  if (!cpo) return;
  cpo.evses.reload(context.config);
  for (const id of departed(before, next)) cpo.stations.server?.station(stationId(id))?.close('the configuration has changed');
  await cpo.limits.reload(sitesOf(context.config));
  await cpo.preferences.refresh();
  await cpo.locations.reload();
}

/** The charge points that may not stay connected: they are gone, have another password, or another CSMS or mode. */
const departed = (before: Config, next: Config): readonly string[] =>
  before.charge_points
    .filter(({ id, password, upstream }) => {
      const now = next.charge_points.find((it) => it.id === id);
      return now?.password !== password || !isDeepStrictEqual(now?.upstream, upstream);
    })
    .map(({ id }) => id);

/** The keys whose values differ, nested ones as a path; a list is one value. */
function changedPaths(before: object, next: object, above = ''): readonly string[] {
  const [one, other] = [new Map(Object.entries(before)), new Map(Object.entries(next))];
  return [...new Set([...one.keys(), ...other.keys()])].flatMap((key) => {
    const [a, b] = [one.get(key), other.get(key)];
    if (isDeepStrictEqual(a, b)) return [];
    return isPlain(a) && isPlain(b) ? changedPaths(a, b, `${above}${key}.`) : [`${above}${key}`];
  });
}

const isPlain = (value: unknown): value is object => typeof value === 'object' && value !== null && !Array.isArray(value);
