import type { TSchema } from 'typebox';

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Copies a value without the fields that its schema does not name, at every depth, so that unknown fields are not forwarded. The value must fit the schema. */
export function knownFields<T>(schema: TSchema, value: T): T {
  const copy = structuredClone(value);
  dropUnknown(schema, copy);
  return copy;
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
