import { type TProperties, Type } from 'typebox';
import { type EditionTypes, perEdition } from './editions.ts';
import { reading, receipt } from './patience/schema.ts';
import { DateTime } from './scalars.ts';

/** Builds the schema of a PATCH from the fields of an object: `last_updated` is required, absent fields keep their value (OCPI 2.2.1 §8.2.2.3). */
export const patchSchema = <T extends TProperties & { last_updated: typeof DateTime }>(fieldsOf: (types: EditionTypes) => T) =>
  perEdition((types) => {
    const { last_updated: _, ...others } = fieldsOf(types);
    return Type.Object({ ...Type.Partial(Type.Object(others)).properties, last_updated: DateTime }, reading({ last_updated: receipt }));
  });
