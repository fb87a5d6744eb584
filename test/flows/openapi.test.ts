import { Validator } from '@seriousme/openapi-schema-validator';
import { describe, expect, test } from 'vitest';
import { openWorld } from '../world.ts';

describe('the OpenAPI documents of a node', () => {
  test.each(['/ocpi/2.2.1/openapi.json', '/ocpi/2.3.0/openapi.json', '/api/v1/openapi.json'])('%s is a valid OpenAPI 3.1 document', async (path) => {
    await using world = await openWorld();
    const response = await fetch(world.node().publicUrl + path);
    expect(response.status).toBe(200);
    const text = await response.text();
    const checked = await new Validator().validate(JSON.parse(text)); // the validator takes a string for a file name
    expect(checked.errors ?? []).toEqual([]);
    expect(checked.valid).toBe(true);
    expect(JSON.parse(text)).toMatchObject({ openapi: expect.stringMatching(/^3\.1\./) });
  });
});
