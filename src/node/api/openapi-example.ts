/** A JSON Schema of the document, as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** Values for fields by their name: an example must look like what the field holds. */
const BY_NAME: Readonly<Record<string, unknown>> = {
  id: '0193a1f0-5b1e-7c3a-9d52-1f0e8a6b4c21',
  key: 'NL*EVK*S1',
  session: 'NL*EVK*S1',
  exchange: '0193a1f0-5b1e-7c3a-9d52-1f0e8a6b4c21',
  peer: 'NL*MSP',
  station: 'CP-1',
  country_code: 'NL',
  party_id: 'EVK',
  country: 'NLD',
  currency: 'EUR',
  uid: 'DEADBEEF',
  contract_id: 'NL-MSP-C0001',
  evse_uid: 'CP-1-1',
  location_id: 'LOC1',
  connector_id: '1',
  name: 'Evenkeel',
  address: 'Street 1',
  city: 'Amsterdam',
  time_zone: 'Europe/Amsterdam',
  edition: '2.2.1',
  ocpp: '2.0.1',
  path: 'garage/north',
  why: 'an equal share of 32 A per phase at LOC1',
  says: 'the site is full',
  reason: 'the site is full',
  message: 'session: no session "S9" of a party that this node acts for',
  limit: 16,
  power: 11_000,
  kwh: 4.2,
  duration: 900,
  max_voltage: 230,
  voltage: 230,
  max_amperage: 32,
  phases: 3,
  start_period: 0,
};

/** Texts for patterns that no name gives. */
const TEXTS = ['2026-01-31T09:30:00Z', 'NL*SCS', 'https://example.com/ocpi', '18:15', '52.37403', '4.88969', 'text', 'EUR', 'NL'];

/** A valid value of a schema with all of its fields: its own example, or one made of the examples of its parts. `name`: the field that it is for. */
export function exampleOf(schema: JsonSchema, name = ''): unknown {
  const { examples, const: only, enum: values, anyOf, type, properties, prefixItems, items } = schema;
  if (Array.isArray(examples) && examples.length > 0) return examples[0];
  if (only !== undefined) return only;
  if (Array.isArray(values)) return values[0];
  if (Array.isArray(anyOf)) return exampleOf(anyOf[0], name);
  if (Array.isArray(prefixItems)) return prefixItems.map((it) => exampleOf(it));
  switch (type) {
    case 'object':
      return properties === undefined ? recordOf(schema) : Object.fromEntries(Object.entries(properties ?? {}).map(([key, it]) => [key, exampleOf(it, key)]));
    case 'array':
      return [exampleOf(Object(items), name)];
    case 'string':
      return textOf(schema, name);
    case 'integer':
    case 'number':
      return numberOf(schema, name);
    case 'boolean':
      return true;
    default:
      return type === 'null' ? null : { result: 'ACCEPTED', timeout: 30 };
  }
}

function recordOf({ patternProperties, additionalProperties }: JsonSchema): unknown {
  const [value] = Object.values(Object(patternProperties ?? {}));
  return { ACTIVE: exampleOf(Object(value ?? additionalProperties)) };
}

function textOf({ pattern, minLength = 0, maxLength = Number.POSITIVE_INFINITY }: JsonSchema, name: string): string {
  const named = BY_NAME[name];
  const candidates = [...(typeof named === 'string' ? [named] : []), 'text', ...TEXTS];
  const fits = (it: string) =>
    it.length >= Number(minLength) && it.length <= Number(maxLength) && (typeof pattern !== 'string' || new RegExp(pattern, 'u').test(it));
  return candidates.find(fits) ?? 'text';
}

function numberOf({ minimum = 0, maximum = Number.POSITIVE_INFINITY }: JsonSchema, name: string): number {
  const named = BY_NAME[name];
  return Math.min(Math.max(typeof named === 'number' ? named : 1, Number(minimum)), Number(maximum));
}
