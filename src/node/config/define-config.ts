import type { Config } from './config.ts';
import { checkConfig } from './config-file.ts';

/** A value of which every part may be left out; the parts of a list may not. */
type Partly<T> = T extends readonly (infer U)[] ? readonly Partly<U>[] : T extends object ? { [K in keyof T]?: Partly<T[K]> | undefined } : T;

/** A configuration as a program writes it: the keys of the configuration file, without those that have a default. */
export type ConfigInput = Partly<Omit<Config, 'public_url' | 'parties'>> & {
  public_url: string;
  parties: readonly (Partly<Config['parties'][number]> & Pick<Config['parties'][number], 'role' | 'country_code' | 'party_id'>)[];
};

/** Returns the configuration as it is; an editor then knows its keys (F-83). */
export const defineConfig = (config: ConfigInput): ConfigInput => config;

/** Fills in the defaults of a configuration that a program wrote; fails with every mistake. */
export const checkInput = (input: ConfigInput): ReturnType<typeof checkConfig> => checkConfig(withoutUndefined(input));

/** Fills in the defaults. Throws an error with one line for each mistake: the key, what was found, and what is allowed. */
export function completeConfig(input: ConfigInput): Config {
  const checked = checkInput(input);
  if (checked.ok) return checked.value;
  throw new Error(['the configuration has mistakes:', ...checked.problem.map(({ key, says }) => `${key}: ${says}`)].join('\n'));
}

/** A key whose value is undefined counts as absent, which a file cannot express. */
function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => (inner === undefined ? [] : [[key, withoutUndefined(inner)]])));
}
