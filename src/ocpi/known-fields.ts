import type { TSchema } from 'typebox';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Copies a value without the fields that its schema does not name, at every depth, so that unknown fields are not forwarded. The value must fit the schema. */
export function knownFields<T>(schema: TSchema, value: T): T {
  const copy = structuredClone(value);
  dropUnknown(schema, copy);
  return copy;
}

/** Copies a value with each text of a field that its schema does not name replaced by `map`, at every depth; known fields stay as they are. */
export function mapUnknownTexts<T>(schema: unknown, value: T, map: (text: string) => string): T;
export function mapUnknownTexts(schema: unknown, value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return schema === undefined ? map(value) : value;
  const { properties, items } = isRecord(schema) ? schema : {};
  if (Array.isArray(value)) return value.map((it) => mapUnknownTexts(items, it, map));
  if (!isRecord(value)) return value;
  const inner = (name: string) => (isRecord(properties) && Object.hasOwn(properties, name) ? properties[name] : undefined);
  return Object.fromEntries(Object.entries(value).map(([name, it]) => [name, mapUnknownTexts(inner(name), it, map)]));
}

function dropUnknown(schema: unknown, value: unknown): void {
  if (!isRecord(schema)) return;
  const { properties, items } = schema;
  if (Array.isArray(value)) for (const item of value) dropUnknown(items, item);
  else if (isRecord(value) && isRecord(properties))
    for (const name of Object.keys(value)) {
      if (Object.hasOwn(properties, name)) dropUnknown(properties[name], value[name]);
      else delete value[name];
    }
}
