import { type TSchema, Type } from 'typebox';
import { ActiveChargingProfile, ChargingProfile } from '../../ocpi/chargingprofiles/charging-profile.ts';
import { oneOf } from '../../ocpi/scalars.ts';
import { ConsentView, ContractView } from './agreements/schemas.ts';
import { EventView } from './events/schemas.ts';
import { ExchangeMessages, ExchangeView, MessageView } from './exchanges/schemas.ts';
import { MaskedSession } from './fields.ts';
import { LocationView } from './locations.ts';
import { exampleOf, type JsonSchema } from './openapi-example.ts';
import { PeerDetail, PeerView } from './peers/schemas.ts';
import { REFUSALS } from './refusal.ts';
import { HistoryEntry, PreferredView, SeriesView, SessionView } from './sessions/schemas.ts';
import { SiteView } from './sites/schemas.ts';
import { StationDetail, StationView } from './stations/schemas.ts';

/** The shape of every refusal. */
export const ErrorShape = Type.Object({
  error: Type.Object({
    code: oneOf(...REFUSALS),
    message: Type.String({ description: 'what was found, where, and what is allowed' }),
    field: Type.Optional(Type.String()),
    allowed: Type.Optional(Type.String()),
    exchange: Type.Optional(ExchangeView),
  }),
});

/** Schemas that the document refers to by name. */
const named: readonly (readonly [string, TSchema])[] = [
  ['ChargingProfile', ChargingProfile],
  ['ActiveChargingProfile', ActiveChargingProfile],
  ['OcpiSession', MaskedSession],
  ['Session', SessionView],
  ['SessionSeries', SeriesView],
  ['HistoryEntry', HistoryEntry],
  ['PreferencesAnswer', PreferredView],
  ['Exchange', ExchangeView],
  ['ExchangeMessage', MessageView],
  ['ExchangeMessages', ExchangeMessages],
  ['Peer', PeerView],
  ['PeerDetail', PeerDetail],
  ['Station', StationView],
  ['StationDetail', StationDetail],
  ['Location', LocationView],
  ['Site', SiteView],
  ['Contract', ContractView],
  ['Consent', ConsentView],
  ['Event', EventView],
  ['Error', ErrorShape],
];

/** All named schemas, each with an example. */
export const componentSchemas = (): Record<string, JsonSchema> =>
  Object.fromEntries(named.map(([name, schema]) => [name, { ...written(schema, schema), examples: [exampleOf(plain(schema))] }]));

/** A schema as the document has it: by reference where it has a name, and with references inside. */
export const schemaOf = (schema: TSchema): JsonSchema => written(schema, undefined);

/** A schema without references, in the dialect of OpenAPI 3.1 (JSON Schema 2020-12). */
export const plain = (schema: TSchema): JsonSchema => translate(schema, (it) => plain(it as TSchema));

function written(schema: TSchema, root: TSchema | undefined): JsonSchema {
  const known = schema === root ? undefined : named.find(([, it]) => it === schema);
  return known ? { $ref: `#/components/schemas/${known[0]}` } : translate(schema, (it) => written(it as TSchema, undefined));
}

/** Keys whose value is a schema, a list of schemas, or schemas by name. */
const SCHEMA_KEYS = new Set(['items', 'additionalProperties', 'anyOf', 'allOf', 'oneOf', 'properties', 'patternProperties']);

/** Writes one level of a schema. A tuple of an older JSON Schema becomes `prefixItems`; keys of this project are left out. */
function translate(schema: object, part: (schema: object) => JsonSchema): JsonSchema {
  const entries = Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
    if (key.startsWith('x-') || (key === 'additionalItems' && Array.isArray(Reflect.get(schema, 'items')))) return [];
    if (key === 'items' && Array.isArray(value))
      return [
        ['prefixItems', value.map(part)],
        ['items', false],
      ];
    return [[key, SCHEMA_KEYS.has(key) ? writtenPart(key, value, part) : value]];
  });
  return Object.fromEntries(entries);
}

function writtenPart(key: string, value: unknown, part: (schema: object) => JsonSchema): unknown {
  if (Array.isArray(value)) return value.map(part);
  if (typeof value !== 'object' || value === null) return value;
  return key === 'properties' || key === 'patternProperties' ? Object.fromEntries(Object.entries(value).map(([name, it]) => [name, part(it)])) : part(value);
}
