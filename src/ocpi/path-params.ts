import { type TObject, type TSchema, Type } from 'typebox';
import { CountryCode, Id, PartyId } from './scalars.ts';

/** The schema of each path parameter, by its name. */
export const pathParamSchemas: ReadonlyMap<string, TSchema> = new Map<string, TSchema>([
  ['session_id', Id(36)],
  ['location_id', Id(36)],
  ['evse_uid', Id(36)],
  ['connector_id', Id(36)],
  ['country_code', CountryCode],
  ['party_id', PartyId],
  ['result_id', Id(64)],
  ['token_uid', Id(36)],
]);

/** The names of the parameters in a path, in order. */
export const paramNames = (path: string): readonly string[] =>
  path
    .split('/')
    .filter((it) => it.startsWith('{'))
    .map((it) => it.slice(1, -1));

const schemas = new Map<string, TObject>();
/** The schema of all parameters of a path; built once for each path. */
export function paramsSchema(path: string): TObject {
  const known = schemas.get(path);
  if (known !== undefined) return known;
  const made = Type.Object(Object.fromEntries(paramNames(path).map((name) => [name, pathParamSchemas.get(name) ?? Type.Never()])));
  schemas.set(path, made);
  return made;
}
