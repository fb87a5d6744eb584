import type { Config } from '../src/node/config/config.ts';
import { parseConfig } from '../src/node/config/config-file.ts';

/** The `limits` of a configuration that names none, with these parts replaced. */
export function limitsWith(parts: Partial<Config['limits']>): Config['limits'] {
  const parsed = parseConfig('public_url: https://localhost\nparties: [{ role: EMSP, country_code: NL, party_id: MSP, name: Test }]');
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problem));
  return { ...parsed.value.limits, ...parts };
}
