/**
 * At which version of an object each of its fields changed last. It replaces a copy of what each receiver holds: a receiver that
 * holds version n lacks the fields that changed after n. `*`: the object is new or lost a field since then, so that a receiver with
 * an older version needs all of it.
 */
export type FieldVersions = Readonly<Record<string, number>>;

const WHOLE = '*';

/** The changed fields; undefined: none; LOST: a field was removed. A change of last_updated alone does not count. */
export function changedFields(before: object, after: object): object | 'LOST' | undefined {
  if (Object.keys(before).some((field) => !(field in after))) return 'LOST';
  const old = new Map(Object.entries(before));
  const changed = Object.entries(after).filter(([field, value]) => field !== 'last_updated' && JSON.stringify(value) !== JSON.stringify(old.get(field)));
  return changed.length === 0 ? undefined : Object.fromEntries(changed);
}

/** The field versions of an object after a change; `before` is undefined for a new one. */
export function versionsAfter(known: FieldVersions, { before, after }: { before: object | undefined; after: object }, version: number): FieldVersions {
  const change = before ? changedFields(before, after) : 'LOST';
  if (change === 'LOST') return { [WHOLE]: version };
  return { ...known, ...Object.fromEntries(Object.keys(change ?? {}).map((field) => [field, version])) };
}

/** The fields of an object that a receiver with an older version lacks; WHOLE: it needs the whole object; undefined: it lacks none. */
export function fieldsSince(object: object, versions: FieldVersions, version: number): object | 'WHOLE' | undefined {
  if ((versions[WHOLE] ?? 0) > version) return 'WHOLE';
  const missing = Object.entries(object).filter(([field]) => Object.hasOwn(versions, field) && (versions[field] ?? 0) > version);
  return missing.length === 0 ? undefined : Object.fromEntries(missing);
}
