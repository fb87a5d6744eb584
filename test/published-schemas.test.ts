import { describe, expect, test } from 'vitest';
import { wireSession } from '../src/ocpi/sessions/wire-session.fixture.ts';
import { hasPublishedSchemas, publishedProblems } from './published-schemas.ts';

const session = { edition: '2.2.1', module: 'sessions', name: 'Session' };

describe.skipIf(!hasPublishedSchemas)(`the published schemas of OCPI${hasPublishedSchemas ? '' : ' (skipped: EVENKEEL_OCPI_OPENAPI names no folder)'}`, () => {
  test('accept a session of ours in both editions', () => {
    for (const edition of ['2.2.1', '2.3.0']) expect(publishedProblems({ ...session, edition }, wireSession())).toEqual([]);
  });

  test('refuse what is wrong, in the objects of other modules too', () => {
    expect(publishedProblems(session, wireSession({ kwh: '1' } as object))).toEqual(['Session/kwh: must be number']);
    expect(publishedProblems(session, { ...wireSession(), cdr_token: {} })).toHaveLength(5);
    expect(publishedProblems({ ...session, isList: true }, [wireSession(), { ...wireSession(), currency: 5 }])).toEqual(['Session/1/currency: must be string']);
  });

  test('TRN-45: #NA stands for a text that is not known', () => {
    expect(publishedProblems(session, { ...wireSession(), auth_method: '#NA' })).toEqual([]);
  });
});
