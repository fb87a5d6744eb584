import { afterEach, expect } from 'vitest';
import { type SeenBody, watchBodies } from '../../sim/partner/witness.ts';
import { hasPublishedSchemas, publishedProblems, type SchemaName } from '../published-schemas.ts';

// Every body that a node sends to a simulated partner, in whatever test, is checked against the published schemas of OCPI.
// A body that they refuse fails the test that sent it. Without the schemas nothing is checked; published-schemas.test.ts says so.

type Schema = Omit<SchemaName, 'edition'>;
const depth = (path: string) => path.split('/').filter(Boolean).length;
const patched = (method: string, name: string) => (method === 'PATCH' ? `${name}Patch` : name);
/** The object of a location that a path names: a location, its EVSE, or the connector. */
const inLocation = (path: string, above: number) => ['Location', 'EVSE', 'Connector'][depth(path) - above - 1] ?? 'Location';

/** The schema of a body that a node sends in a request to a partner. */
function schemaOfRequest({ method, module, rest }: { method: string; module: string; rest: string }, body: object): Schema | undefined {
  if (module === 'credentials') return { module, name: 'Credentials' };
  if (module === 'results') return { module: 'chargingprofiles', name: 'ActiveChargingProfileResult' };
  if (module === 'chargingprofiles') return { module, name: 'response_url' in body ? 'SetChargingProfile' : 'ActiveChargingProfile' };
  if (module === 'sessions') return { module, name: rest.endsWith('/charging_preferences') ? 'ChargingPreferences' : patched(method, 'Session') };
  if (module === 'locations') return { module, name: patched(method, inLocation(rest, 2)) };
  if (module === 'tokens') return { module, name: method === 'POST' ? 'LocationReferences' : patched(method, 'Token') };
  return undefined;
}

/** The schema of the data in an answer of a node; undefined for what a partner reads back of its own objects. */
function schemaOfAnswer(method: string, path: string): Schema | undefined {
  const [, side = '', module = '', rest = ''] = /^\/ocpi\/[\d.]+\/(?:(sender|receiver)\/)?(\w+)(.*)$/.exec(path) ?? [];
  if (path === '/ocpi/versions') return { module: 'versions', name: 'Version', isList: true };
  if (/^\/ocpi\/[\d.]+\/?$/.test(path)) return { module: 'versions', name: 'VersionDetails' };
  if (side === '') return module === 'credentials' && method !== 'DELETE' ? { module, name: 'Credentials' } : undefined;
  const isList = method === 'GET' && depth(rest) === 0;
  switch (`${side} ${module}`) {
    case 'receiver chargingprofiles':
      return { module, name: 'ChargingProfileResponse' };
    case 'sender sessions':
      return rest.endsWith('/charging_preferences') ? { module, name: 'ChargingPreferencesResponse' } : { module, name: 'Session', isList };
    case 'sender locations':
      return { module, name: isList ? 'Location' : inLocation(rest, 0), isList };
    case 'sender tokens':
      return { module, name: method === 'POST' ? 'AuthorizationInfo' : 'Token', isList };
    default:
      return undefined;
  }
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

function problemsOf({ method, url, of, text }: SeenBody): string[] {
  const { pathname } = new URL(url);
  const edition = /\/(2\.2\.1|2\.3\.0)(?:\/|$)/.exec(pathname)?.[1] ?? (pathname === '/ocpi/versions' ? '2.3.0' : undefined);
  const body = parsed(text);
  if (edition === undefined || typeof body !== 'object' || body === null) return [];
  if (of === 'answer') {
    const schema = 'data' in body ? schemaOfAnswer(method, pathname) : undefined;
    return schema && 'data' in body ? publishedProblems({ ...schema, edition }, body.data) : [];
  }
  const [, module = '', rest = ''] = /^\/ocpi\/(?:\w+\/)?(?:2\.2\.1|2\.3\.0)\/(\w+)(.*)$/.exec(pathname) ?? [];
  const schema = schemaOfRequest({ method, module, rest }, body);
  return schema ? publishedProblems({ ...schema, edition }, body) : [];
}

const found: string[] = [];
function witness(seen: SeenBody): void {
  for (const problem of problemsOf(seen)) found.push(`${seen.method} ${seen.url} (${seen.of}): ${problem}`);
}

if (hasPublishedSchemas) {
  watchBodies(witness);
  afterEach(({ task }) => {
    const problems = found.splice(0);
    // The tests of the simulated partners let partners talk to each other, without a node.
    if (task.file.filepath.includes('/test/')) expect(problems, 'bodies that the published schemas of OCPI refuse').toEqual([]);
  });
}
