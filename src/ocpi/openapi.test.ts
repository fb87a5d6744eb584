import { describe, expect, test } from 'vitest';
import { editions } from './editions.ts';
import type { Endpoint } from './endpoint.ts';
import { openServer, plainBindings } from './open-server.fixture.ts';
import { openApi } from './openapi.ts';
import { paramNames } from './path-params.ts';
import { pathParamSchemas } from './scalars.ts';
import { getVersionDetails } from './versions/get-version-details.ts';
import { getVersions } from './versions/get-versions.ts';

const endpoints: readonly Endpoint[] = [...plainBindings([]).map((it) => it.endpoint), getVersions, getVersionDetails];
type Tree = { [name: string]: Tree };
const documentOf = (edition: (typeof editions)[number]): Tree => JSON.parse(JSON.stringify(openApi(edition, endpoints, 'https://evk.example')));
const operationsOf = (document: Tree) =>
  Object.entries(document.paths ?? {}).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]) => ({ path, method, operation })));
/** Every object of a tree. */
const all = (tree: unknown): Tree[] =>
  typeof tree === 'object' && tree !== null ? [Object.fromEntries(Object.entries(tree)), ...Object.values(tree).flatMap(all)] : [];

describe.each(editions)('the OpenAPI document of %s', (edition) => {
  const document = documentOf(edition);
  const operations = operationsOf(document);

  test('describes each message once, at its path and method', () => {
    expect(document.openapi).toBe('3.1.1');
    expect(operations.map(({ operation }) => String(operation.operationId)).sort()).toEqual(endpoints.map(({ name }) => name).sort());
    expect(operations.map(({ method }) => method)).toEqual(operations.map(({ method }) => method.toLowerCase()));
  });

  test('declares each name of a path as a required parameter, and no name twice', () => {
    for (const { path, operation } of operations) {
      const parameters = Object.values(operation.parameters ?? {});
      expect(parameters.filter((it) => String(it.in) === 'path').map((it) => String(it.name))).toEqual(paramNames(path));
      const names = parameters.map((it) => `${it.in} ${it.name}`);
      expect(names).toEqual([...new Set(names)]);
    }
  });

  test('refers to nothing that is not there', () => {
    for (const { $ref } of all(document)) {
      if ($ref === undefined) continue;
      const found = String($ref)
        .split('/')
        .slice(1)
        .reduce<Tree | undefined>((here, step) => here?.[step], document);
      expect([$ref, typeof found]).toEqual([$ref, 'object']);
    }
  });

  test('holds plain JSON Schema whose patterns compile', () => {
    const patterns = all(document).flatMap(({ pattern }) => (typeof pattern === 'string' ? [pattern] : []));
    expect(patterns.length).toBeGreaterThan(10);
    for (const pattern of patterns) expect(() => new RegExp(pattern, 'u')).not.toThrow();
    expect(
      all(document)
        .flatMap(Object.keys)
        .filter((name) => name.startsWith('~')),
    ).toEqual([]);
  });

  test('CP-13: says what comes to response_url later, wherever that URL was given', () => {
    const later = operations.flatMap(({ operation }) => Object.keys(operation.callbacks?.result ?? {}).map((url) => [String(operation.operationId), url]));
    expect(later.sort()).toEqual([
      ['clear-charging-profile', '{$request.query.response_url}'],
      ['get-active-charging-profile', '{$request.query.response_url}'],
      ['set-charging-profile', '{$request.body#/response_url}'],
    ]);
  });

  test('is served to anyone', async () => {
    await using server = await openServer();
    const response = await fetch(`${server.base}/ocpi/${edition}/openapi.json`);
    expect([response.status, await response.json()]).toEqual([200, expect.objectContaining({ openapi: '3.1.1', servers: [{ url: server.base }] })]);
  });
});

describe('the messages', () => {
  test('each has a name of its own, an anchor, and only path names that have a schema', () => {
    const names = endpoints.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
    for (const { path, spec } of endpoints) {
      expect(spec).toMatch(/^(mod_|credentials_|version_)/);
      for (const name of paramNames(path)) expect(pathParamSchemas.has(name)).toBe(true);
    }
  });

  test('TRN-44: no field of ours begins with x- or custom', () => {
    for (const edition of editions) {
      const fields = all(documentOf(edition)).flatMap(({ properties }) => Object.keys(properties ?? {}));
      expect(fields.filter((name) => /^(x-|custom)/i.test(name))).toEqual([]);
    }
  });
});
