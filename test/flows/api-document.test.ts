import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@hey-api/openapi-ts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import ts from 'typescript';
import { afterAll, describe, expect, test } from 'vitest';
import { routes } from '../../src/node/api/all-routes.ts';
import { apiDocument } from '../../src/node/api/openapi.ts';

interface Media {
  schema: object;
  example: unknown;
}
interface Operation {
  operationId: string;
  summary: string;
  parameters: { name: string; schema: object }[];
  requestBody?: { content: Record<string, Media> };
  responses: Record<string, { content?: Record<string, Media>; headers?: object; $ref?: string }>;
}
interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, { examples?: unknown[] }>; responses: Record<string, { content: Record<string, Media>; headers?: object }> };
}

const document: Document = JSON.parse(JSON.stringify(apiDocument(routes, 'https://node.example')));
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
const media = operations.flatMap(({ operationId, requestBody, responses }) =>
  [requestBody, ...Object.values(responses)].flatMap((it) => Object.values(it?.content ?? {}).map((content) => ({ operationId, ...content }))),
);

/** Calls `visit` with each schema below a value, with the field that it is for. */
function eachSchema(value: unknown, visit: (schema: Record<string, unknown>, field: string) => void, field = ''): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const it of value) eachSchema(it, visit, field);
    return;
  }
  const schema: Record<string, unknown> = { ...value };
  visit(schema, field);
  for (const key of ['items', 'prefixItems', 'anyOf', 'additionalProperties']) eachSchema(schema[key], visit, field);
  for (const [name, part] of Object.entries({ ...Object(schema.properties), ...Object(schema.patternProperties) })) eachSchema(part, visit, name);
}
const schemas = [...Object.values(document.components.schemas), ...media.map(({ schema }) => schema)];

describe('F-74: the OpenAPI document of the operator API', () => {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  ajv.addSchema({ ...document, $id: 'document' });
  const problem = (schema: object, value: unknown) => {
    const at = JSON.parse(JSON.stringify(schema).replaceAll('"#/', '"document#/'));
    return ajv.validate(at, value) ? undefined : ajv.errorsText();
  };

  test('has schemas that are valid in the dialect of OpenAPI 3.1', () => {
    const parameters = operations.flatMap((it) => it.parameters.map(({ schema }) => schema));
    for (const schema of [...schemas, ...parameters]) expect([ajv.validateSchema(schema), ajv.errorsText()]).toEqual([true, 'No errors']);
  });

  test('has an example of every named schema, body and answer, which the schema allows', () => {
    for (const [name, schema] of Object.entries(document.components.schemas))
      expect([name, schema.examples?.map((it) => problem(schema, it))]).toEqual([name, [undefined]]);
    expect(media.length).toBeGreaterThan(operations.length);
    for (const { operationId, schema, example } of media) expect([operationId, problem(schema, example)]).toEqual([operationId, undefined]);
  });

  test('types every object and every field, and has a unit or a meaning for every number that is no count', () => {
    const untyped: string[] = [];
    const withoutUnit: string[] = [];
    for (const schema of schemas)
      eachSchema(schema, ({ type, $ref, anyOf, enum: values, const: only, properties, patternProperties, additionalProperties, description }, field) => {
        // The content of a message is that of its protocol.
        if (field === 'body') return;
        if (type === undefined && [$ref, anyOf, values, only].every((it) => it === undefined)) untyped.push(field);
        if (type === 'object' && [properties, patternProperties, additionalProperties].every((it) => it === undefined)) untyped.push(field);
        if (type === 'number' && description === undefined) withoutUnit.push(field);
      });
    expect([untyped, withoutUnit]).toEqual([[], []]);
  });

  test('F-73: says with which statuses a request that waits is refused', () => {
    const set = operations.find(({ operationId }) => operationId === 'set-charging-profile');
    expect(Object.keys(set?.responses ?? {})).toEqual(expect.arrayContaining(['200', '202', '404', '409', '429']));
    expect(document.components.responses.TooOften?.headers).toHaveProperty('Retry-After');
  });
});

describe('F-74: a client that is generated from the document', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'evenkeel-client-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  test('compiles, with the types of a session and of a refusal', async () => {
    const [input, path] = [join(folder, 'api.json'), join(folder, 'client')];
    writeFileSync(input, JSON.stringify(document));
    await createClient({
      input,
      output: path,
      logs: { level: 'silent', file: false },
      plugins: ['@hey-api/typescript', '@hey-api/sdk', '@hey-api/client-fetch'],
    });
    const use = join(folder, 'use.ts');
    writeFileSync(
      use,
      `import { listSessions, setChargingProfile } from './client/index.js';
export async function use(): Promise<{ energy: number[]; refusal: string | undefined }> {
  const { data } = await listSessions({ query: { limit: 10 } });
  const { error } = await setChargingProfile({ path: { session: 'S1' }, query: { wait: 30 }, body: { limit: 8, unit: 'A' } });
  return { energy: (data?.items ?? []).map((it) => it.session.kwh), refusal: error?.error.exchange?.reason ?? error?.error.message };
}
`,
    );
    const program = ts.createProgram([use], {
      strict: true,
      noEmit: true,
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
      types: [],
      skipLibCheck: true,
    });
    const problems = ts
      .getPreEmitDiagnostics(program)
      .map(({ messageText, file }) => `${file?.fileName}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
    expect(problems).toEqual([]);
  });
});
