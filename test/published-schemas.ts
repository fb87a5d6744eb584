import { existsSync, readFileSync } from 'node:fs';
import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import { parse } from 'yaml';

/** The folder with the published schemas of OCPI, if it exists; they are not part of this project. */
const folder = process.env.EVENKEEL_OCPI_OPENAPI ?? new URL('../../shared/ocpi-openapi', import.meta.url).pathname;
/** Whether the published schemas of OCPI are there; without them nothing is checked. */
export const hasPublishedSchemas = existsSync(folder);

/** The name of one published schema, and whether the body is a list of such objects. */
export interface SchemaName {
  edition: string;
  module: string;
  name: string;
  isList?: boolean;
}

const MODULES = ['cdrs', 'chargingprofiles', 'credentials', 'hubclientinfo', 'locations', 'sessions', 'tariffs', 'tokens', 'versions'];
const addresses = (edition: string) => [`${edition}/components/schema.yaml`, ...MODULES.map((it) => `${edition}/modules/${it}/schema.yaml`)];
const base = 'https://published.example/';

let loaded: Ajv2020 | undefined;
function schemas(): Ajv2020 {
  if (loaded) return loaded;
  loaded = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  for (const address of ['2.2.1', '2.3.0'].flatMap(addresses))
    loaded.addSchema({ ...parse(readFileSync(`${folder}/${address}`, 'utf8')), $id: base + address });
  return loaded;
}

const compiled = new Map<string, ValidateFunction>();
function checkOf({ edition, module, name, isList = false }: SchemaName): ValidateFunction {
  const key = [edition, module, name, isList].join(' ');
  const known = compiled.get(key);
  if (known) return known;
  const $ref = `${base}${edition}/modules/${module}/schema.yaml#/components/schemas/${name}`;
  const made = schemas().compile(isList ? { type: 'array', items: { $ref } } : { $ref });
  compiled.set(key, made);
  return made;
}

/** What a published schema finds wrong with a value; empty when nothing is. */
export function publishedProblems(schema: SchemaName, value: unknown): string[] {
  const check = checkOf(schema);
  if (check(value)) return [];
  const errors = (check.errors ?? []).filter((error) => !isAllowed(schema, error, value));
  return errors.map(({ instancePath, message }) => `${schema.name}${instancePath}: ${message}`);
}

/** `#NA` stands for a required text that is not known (TRN-45); the published list of versions of 2.2.1 does not know 2.3.0. */
function isAllowed({ module, edition }: SchemaName, { instancePath }: ErrorObject, value: unknown): boolean {
  const found = instancePath
    .split('/')
    .slice(1)
    .reduce<unknown>((it, step) => (typeof it === 'object' && it !== null ? Reflect.get(it, step) : undefined), value);
  return found === '#NA' || (module === 'versions' && edition === '2.2.1' && found === '2.3.0');
}
