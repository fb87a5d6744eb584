import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Compile } from 'typebox/compile';
import { Value } from 'typebox/value';
import { isMap, isScalar, LineCounter, parseDocument, type Node as YamlNode } from 'yaml';
import { rangeProblem } from '../../delivery/guard/address.ts';
import { fail, ok, type Result } from '../../domain/result.ts';
import { compareDateTimes, dateTimeMillis, isRealDateTime } from '../../ocpi/date-time.ts';
import { isAddressRange } from '../../sockets/trusted-proxies.ts';
import { allowedTokenMistakes } from './allowed-tokens.ts';
import { Config } from './config.ts';
import { partyMistakes } from './cpo-parties.ts';
import { strayFiles, withPathsFrom } from './file-paths.ts';
import { csmsOf, gatewayMistakes } from './gateway-mistakes.ts';
import { meterMistakes } from './meter-mistakes.ts';
import { isLoopback, operatorUrl } from './operator-url.ts';
import { readSites } from './read-sites.ts';
import { SiteNode } from './site-schema.ts';
import { webhookMistakes } from './webhook-mistakes.ts';

const config = Compile(Config);

/** One mistake in a configuration file. */
export interface Mistake {
  /** Counted from 1. */
  line: number;
  /** The path of the key, such as `charge_points.0.password`. */
  key: string;
  /** What was found, what is allowed, and how to mend it. */
  says: string;
}

/** A mistake whose line is not looked up yet. */
type Unplaced = Omit<Mistake, 'line'>;

/** Reads and checks a configuration file, with all paths absolute; fails with one line of text for each mistake. Paths count from the folder of the file. */
export function readConfigFile(path: string): Result<Config, readonly string[]> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return fail([`${path}: cannot be read (${error instanceof Error && 'code' in error ? error.code : error}): name the file with --config FILE`]);
  }
  const read = parseConfig(text);
  if (!read.ok) return fail(read.problem.map(({ line, key, says }) => `${path}:${line}: ${key}: ${says}`));
  const folder = dirname(resolve(path));
  const stray = strayFiles(folder, read.value);
  return stray.length > 0 ? fail(stray.map((it) => `${path}: ${it}`)) : ok(withPathsFrom(folder, read.value));
}

/** Checks the YAML text of a configuration and fills in the defaults; fails with every mistake and its line. */
export function parseConfig(text: string): Result<Config, readonly Mistake[]> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  if (document.errors.length > 0)
    return fail(document.errors.map((it) => ({ line: it.linePos?.[0].line ?? 1, key: 'YAML', says: it.message.split('\n')[0] ?? 'cannot be read' })));
  const written: unknown = document.toJS() ?? {};
  const cycle = aliasCycle(written);
  if (cycle)
    return fail([{ line: lineOf(document.contents, cycle, lines), key: cycle.join('.'), says: 'contains itself through a YAML alias: remove the alias' }]);
  const checked = checkConfig(written);
  return checked.ok ? checked : fail(checked.problem.map((it) => ({ ...it, line: lineOf(document.contents, it.key.split('.'), lines) })));
}

/** Fills in the defaults of a configuration and checks it; fails with every mistake. The value itself is not changed. */
export function checkConfig(written: unknown): Result<Config, readonly Unplaced[]> {
  const draft = Value.Default(Config, structuredClone(written));
  if (config.Check(draft)) {
    const found = contradictions(draft);
    return found.length === 0 ? ok(draft) : fail(found);
  }
  const mistakes = config
    .Errors(draft)
    .filter((error) => error.keyword !== 'boolean')
    .map((error) => mistake(draft, error));
  return fail([...new Map(mistakes.map((it) => [`${it.key} ${it.says}`, it])).values()]);
}

/** The path of keys to a value that contains itself, which a YAML alias makes possible; undefined when there is none. */
function aliasCycle(value: unknown, above: readonly unknown[] = []): readonly string[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (above.includes(value)) return [];
  for (const [key, inner] of Object.entries(value)) {
    const cycle = aliasCycle(inner, [...above, value]);
    if (cycle) return [key, ...cycle];
  }
  return undefined;
}

interface SchemaError {
  keyword: string;
  instancePath: string;
  message: string;
  params: object;
}
/** Puts an error of the schema into words, with the description of the schema where there is one. */
function mistake(draft: unknown, error: SchemaError): Unplaced {
  const path = error.instancePath.split('/').slice(1);
  if (error.keyword === 'required' && 'requiredProperties' in error.params) {
    const missing = Array.isArray(error.params.requiredProperties) ? error.params.requiredProperties.join(', ') : 'a key';
    return { key: [...path, missing].join('.'), says: 'is missing' };
  }
  if (error.keyword === 'additionalProperties' && 'additionalProperties' in error.params) {
    const extra = Array.isArray(error.params.additionalProperties) ? error.params.additionalProperties.join(', ') : 'a key';
    return { key: [...path, extra].join('.'), says: `is not a known key; allowed are ${known(path).join(', ')}` };
  }
  if (error.message === 'must be string' && typeof at(draft, path) === 'number') return { key: path.join('.'), says: 'found a number; put it in quotes' };
  const allowed =
    'allowedValues' in error.params && Array.isArray(error.params.allowedValues) ? `must be one of ${error.params.allowedValues.join(', ')}` : error.message;
  return { key: path.join('.') || 'the configuration', says: `found ${shown(path, at(draft, path))}, ${described(path) ?? allowed}` };
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (inner, key) => (typeof inner === 'object' && inner !== null ? Object.entries(inner).find(([name]) => name === key)?.[1] : undefined),
    value,
  );
/** The part of the schema for a path of keys; an index in a list leads to the schema of the items. */
const schemaAt = (path: readonly string[]): unknown =>
  path.reduce<unknown>((schema, key) => resolved(at(at(schema, ['properties']), [key]) ?? at(schema, ['items'])), Config);
/** The only reference in the schema: the node of a site, which contains nodes. */
const resolved = (schema: unknown): unknown => (typeof at(schema, ['$ref']) === 'string' ? SiteNode.$defs.Node : schema);
const known = (path: readonly string[]) => Object.keys(Object(at(schemaAt(path), ['properties'])));
const described = (path: readonly string[]) => {
  const description = at(schemaAt(path), ['description']);
  return at(schemaAt(path), ['pattern']) && description ? `must be ${description}` : undefined;
};
/** The value that was found; `***` for secrets and for ids of drivers' tokens (SEC-25). */
const shown = (path: readonly string[], value: unknown) => (isSecret(path) ? '***' : JSON.stringify(value)?.slice(0, 60));
const isSecret = ([list, ...path]: readonly string[]) => {
  const last = path.at(-1) ?? '';
  return (
    last === 'password' ||
    (list === 'alarms' && (last === 'secret' || last === 'webhook')) ||
    ((list === 'sites' || path.includes('upstream')) && last === 'url') ||
    (list === 'tokens' && ['uid', 'contract_id'].includes(last)) ||
    (list === 'locations' && ['uid', 'visual_number', 'group_id'].includes(last)) ||
    (list === 'consents' && last === 'token')
  );
};

/** The line of the last key on a path that the document contains. */
function lineOf(root: YamlNode | null, path: readonly string[], lines: LineCounter): number {
  let node: unknown = root;
  let offset = root?.range?.[0] ?? 0;
  for (const key of path) {
    if (isMap(node)) {
      const pair = node.items.find((it) => isScalar(it.key) && String(it.key.value) === key);
      if (!pair) break;
      if (isScalar(pair.key)) offset = pair.key.range?.[0] ?? offset;
      node = pair.value;
    } else if (typeof node === 'object' && node !== null && 'items' in node && Array.isArray(node.items)) {
      node = node.items[Number(key)];
      if (typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range)) offset = node.range[0];
    } else break;
  }
  return lines.linePos(offset).line;
}

/** Rules that concern more than one key, which the schema cannot express. */
function contradictions(it: Config): Unplaced[] {
  const found: Unplaced[] = [];
  const url = new URL(it.public_url);
  if (url.protocol === 'http:' && !it.insecure_http) found.push({ key: 'public_url', says: 'is http; use https, or set insecure_http: true for development' });
  if (it.public_url.endsWith('/')) found.push({ key: 'public_url', says: 'must not end with a slash' });
  const sites = readSites(it);
  if (!sites.ok) found.push(...sites.problem.map(({ key, path, says }) => ({ key: `sites.${key}`, says: `${path} ${says}` })));
  return [
    ...found,
    ...stationContradictions(it),
    ...gatewayMistakes(it),
    ...partyMistakes(it),
    ...allowedTokenMistakes(it),
    ...unreadableProxies(it),
    ...unreachableRanges(it),
    ...contractMistakes(it),
    ...plannerMistakes(it),
    ...consoleMistakes(it),
    ...webhookMistakes(it),
    ...meterMistakes(it),
    ...duplicates(
      it.charge_points.map((point) => point.id),
      'charge_points',
      'id',
    ),
    ...duplicates(
      it.charge_points.flatMap((point) => point.evses.map((evse) => evse.uid)),
      'charge_points',
      'evse uid',
    ),
    ...duplicates(
      it.locations.map((location) => location.id),
      'locations',
      'id',
    ),
    ...duplicates(
      it.tokens.map((token) => token.uid),
      'tokens',
      'uid',
    ).map(({ key }) => ({ key, says: 'a uid is used twice; each must be unique' })),
    ...duplicates(
      it.parties.map((party) => `${party.role} ${party.country_code}*${party.party_id}`),
      'parties',
      'role and party',
    ),
  ];
}

/** What the OCPP port and the charge points need of each other. */
function stationContradictions(it: Config): Unplaced[] {
  const found: Unplaced[] = [];
  if (it.ocpp && it.ocpp.security_profile > 1 && !it.ocpp.tls)
    found.push({ key: 'ocpp.security_profile', says: `${it.ocpp.security_profile} needs ocpp.tls with cert and key; use 1 only in a trusted network` });
  if (it.ocpp?.tls && [it.ocpp.tls.cert].flat().length !== [it.ocpp.tls.key].flat().length)
    found.push({ key: 'ocpp.tls', says: 'cert and key need the same number of files, each key at the place of its certificate' });
  if (it.ocpp?.security_profile === 3 && !it.ocpp.tls?.ca)
    found.push({
      key: 'ocpp.tls',
      says: 'security profile 3 needs ca, the certificate file of the authority that signed the certificates of the charge points',
    });
  if (it.charge_points.length > 0 && !it.ocpp)
    found.push({ key: 'charge_points', says: 'need ocpp, the address that they connect to: add ocpp: { port: 9220 }' });
  if (it.charge_points.length > 0 && !it.parties.some((party) => party.role === 'CPO'))
    found.push({ key: 'charge_points', says: 'need a party with role CPO' });
  for (const [n, point] of it.charge_points.entries()) {
    if (it.ocpp?.security_profile !== 3 && !point.password && csmsOf(it, point)?.authorization !== 'pass')
      found.push({ key: `charge_points.${n}.password`, says: `is missing for ${point.id}: security profiles 1 and 2 need one of 16 to 40 characters` });
  }
  return found;
}

const unreadableProxies = ({ listen, listen_operator }: Config): Unplaced[] => [
  ...unreadableRanges('listen.trusted_proxies', listen.trusted_proxies),
  ...unreadableRanges('listen_operator.trusted_proxies', listen_operator?.trusted_proxies ?? []),
];

/** Entries of `reachable` that let nothing through, or too much. */
const unreachableRanges = ({ reachable }: Config): Unplaced[] =>
  reachable.flatMap((range, n) => {
    const problem = rangeProblem(range);
    return problem === undefined ? [] : [{ key: `reachable.${n}`, says: `found ${range}, ${problem}` }];
  });

const unreadableRanges = (key: string, ranges: readonly string[]): Unplaced[] =>
  ranges.flatMap((range, n) =>
    isAddressRange(range) ? [] : [{ key: `${key}.${n}`, says: `found ${range}, allowed is an IP address or a range such as 10.0.0.0/8` }],
  );

/** A contract that ends before it begins covers no session: that is a mistake. */
const contractMistakes = ({ contracts }: Config): Unplaced[] =>
  contracts.flatMap(({ from, until }, n) => {
    const moments = [
      ['from', from],
      ['until', until],
    ] as const;
    const unreal = moments.flatMap(([key, text]) =>
      text === undefined || isRealDateTime(text) ? [] : [{ key: `contracts.${n}.${key}`, says: `found ${text}, which is not a real date and time` }],
    );
    if (unreal.length > 0 || from === undefined || until === undefined || compareDateTimes(from, until) < 0) return unreal;
    return [{ key: `contracts.${n}.until`, says: `found ${until}, must be later than from (${from})` }];
  });

function plannerMistakes({ planner, parties }: Config): Unplaced[] {
  if (!planner) return [];
  const missing = parties.some(({ role }) => role === 'SCSP') ? [] : [{ key: 'planner', says: 'needs a party with role SCSP' }];
  const moments = (planner.prices ?? []).map(({ from }) => dateTimeMillis(from));
  const wrong = moments.flatMap((moment, n) => {
    const key = `planner.prices.${n}.from`;
    if (moment === undefined) return [{ key, says: 'is not a real date and time; write one such as 2026-01-31T09:30:00Z' }];
    return moment <= (moments[n - 1] ?? Number.NEGATIVE_INFINITY)
      ? [{ key, says: 'is not later than the price before it; list prices in the order of time' }]
      : [];
  });
  const sites = planner.sites.map((site) => site.location_id);
  return [...missing, ...wrong, ...duplicates(sites, 'planner.sites', 'location_id')];
}

/** Passwords must not cross a network unencrypted. */
function consoleMistakes(it: Config): Unplaced[] {
  const { console, listen, listen_operator, insecure_http } = it;
  if (!console) return [];
  const { host } = listen_operator ?? listen;
  const unencrypted = operatorUrl(it).startsWith('http:') && !isLoopback(host);
  const [url, option] = listen_operator ? ['listen_operator.url', 'listen_operator.host'] : ['public_url', 'listen.host'];
  const issuer = console.oidc && new URL(console.oidc.issuer).protocol === 'http:' && !insecure_http;
  return [
    ...(unencrypted ? [{ key: 'console', says: `needs a ${url} with https, because other machines can reach ${host}; or set ${option}: 127.0.0.1` }] : []),
    ...(issuer ? [{ key: 'console.oidc.issuer', says: 'is http; use https, or set insecure_http: true for development' }] : []),
    ...(console.oidc && !console.oidc.scope.split(' ').includes('openid') ? [{ key: 'console.oidc.scope', says: 'must contain openid' }] : []),
  ];
}

/** Names that are equal without regard to case. */
const duplicates = (names: readonly string[], key: string, what: string) =>
  names.flatMap((name, n) =>
    names.findIndex((other) => other.toUpperCase() === name.toUpperCase()) < n
      ? [{ key: `${key}`, says: `${what} ${name} is used twice; each must be unique` }]
      : [],
  );
