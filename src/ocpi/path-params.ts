import { type TObject, Type } from 'typebox';
import { pathParamSchemas } from './scalars.ts';

/** The names in a path, in order. */
export const paramNames = (path: string): readonly string[] =>
  path
    .split('/')
    .filter((it) => it.startsWith('{'))
    .map((it) => it.slice(1, -1));

const schemas = new Map<string, TObject>();
/** What the names in a path may hold; made once for each path. */
export function paramsSchema(path: string): TObject {
  const known = schemas.get(path);
  if (known !== undefined) return known;
  const made = Type.Object(Object.fromEntries(paramNames(path).map((name) => [name, pathParamSchemas.get(name) ?? Type.Never()])));
  schemas.set(path, made);
  return made;
}
