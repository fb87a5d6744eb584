import { describe, expect, test } from 'vitest';
import { Credentials } from './credentials/credentials.ts';
import { editions } from './editions.ts';
import { validSession } from './open-server.fixture.ts';
import { problemWith } from './problem.ts';
import { Session, SessionPatch, sessionNameMismatch } from './sessions/session.ts';
import { Version, VersionDetail } from './versions/version.ts';

const role = (name: string) => ({ role: name, country_code: 'NL', party_id: 'EXA', business_details: { name: 'Exa' } });
const credentials = (...roles: unknown[]) => ({ token: 't', url: 'https://x.example/versions', roles });
const withHub = (hub_party_id: unknown) => ({ ...credentials(role('CPO')), hub_party_id });

describe('where the editions differ', () => {
  test('TYP-13: total_cost is with VAT in 2.2.1, and before taxes with its taxes in 2.3.0', () => {
    const vat = { ...validSession, total_cost: { excl_vat: 2.5, incl_vat: 3 } };
    const taxed = { ...validSession, total_cost: { before_taxes: 2.5, taxes: [{ name: 'VAT', percentage: 20, amount: 0.5 }] } };
    expect(editions.map((edition) => problemWith(Session[edition], vat))).toEqual([undefined, 'total_cost.before_taxes: missing']);
    expect(editions.map((edition) => problemWith(Session[edition], taxed))).toEqual(['total_cost.excl_vat: missing', undefined]);
  });

  test('TYP-11: both know SCSP; HUB is a role in 2.2.1 only', () => {
    expect(editions.map((edition) => problemWith(Credentials[edition], credentials(role('SCSP'))))).toEqual([undefined, undefined]);
    expect(editions.map((edition) => problemWith(Credentials[edition], credentials(role('HUB'))))).toEqual([
      undefined,
      expect.stringContaining('roles[0].role: found "HUB"'),
    ]);
  });

  test('TYP-12: an open word list of 2.3.0 takes words that nobody knows, a closed one does not', () => {
    const token = { ...validSession, cdr_token: { ...validSession.cdr_token, type: 'PLUG_AND_CHARGE' } };
    expect(editions.map((edition) => problemWith(Session[edition], token))).toEqual([expect.stringContaining('cdr_token.type'), undefined]);
    expect(editions.map((edition) => problemWith(Session[edition], { ...validSession, auth_method: 'MAGIC' }))).toEqual(
      Array(2).fill(expect.stringContaining('auth_method')),
    );
  });

  test('CRE-28: a hub names itself in hub_party_id in 2.3.0; in 2.2.1 that field is nobody’s business', () => {
    expect(editions.map((edition) => problemWith(Credentials[edition], withHub('NLHUB')))).toEqual([undefined, undefined]);
    expect(editions.map((edition) => problemWith(Credentials[edition], withHub('TOO-LONG')))).toEqual([undefined, expect.stringContaining('hub_party_id')]);
  });

  test('VER-10, TYP-12: version numbers and module names that nobody knows are kept', () => {
    expect(problemWith(Version, { version: '3.0-rc', url: 'https://x/3.0' })).toBeUndefined();
    const endpoints = ['invoicereconciliation', 'xx-custom', 'sessions'].map((identifier) => ({ identifier, role: 'SENDER', url: 'https://x' }));
    expect(problemWith(VersionDetail, { version: '9.9', endpoints })).toBeUndefined();
  });
});

describe('credentials', () => {
  test('CRE-26: each role of each party stands there once, whatever the spelling', () => {
    expect(problemWith(Credentials['2.2.1'], credentials())).toContain('roles: found an empty list');
    expect(problemWith(Credentials['2.2.1'], credentials(role('CPO'), { ...role('CPO'), country_code: 'nl', party_id: 'exa' }))).toContain(
      'CPO NL*EXA stands there twice',
    );
  });

  test('CRE-27: one platform may play the same role for 50 parties', () => {
    const roles = Array.from({ length: 50 }, (_, at) => ({ ...role('CPO'), party_id: `P${String(at).padStart(2, '0')}` }));
    expect(problemWith(Credentials['2.2.1'], credentials(...roles))).toBeUndefined();
  });

  test('CRE-30: a role has a country of two, a party of three characters, and business details with a name', () => {
    for (const [wrong, field] of [
      [{ country_code: 'NLD' }, 'country_code'],
      [{ country_code: 'N' }, 'country_code'],
      [{ party_id: 'EXAM' }, 'party_id'],
      [{ business_details: {} }, 'business_details.name'],
    ] as const) {
      expect(problemWith(Credentials['2.2.1'], credentials({ ...role('CPO'), ...wrong }))).toContain(`roles[0].${field}`);
    }
  });
});

describe('sessions', () => {
  test('SES-34: a patch needs last_updated and nothing else; what it holds must be right', () => {
    expect(problemWith(SessionPatch['2.2.1'], { last_updated: '2026-11-23T11:59:00Z' })).toBeUndefined();
    expect(problemWith(SessionPatch['2.2.1'], { kwh: 1 })).toBe('last_updated: missing');
    expect(problemWith(SessionPatch['2.2.1'], { last_updated: '2026-11-23T11:59:00Z', end_date_time: '2026-02-30T00:00:00Z' })).toContain('end_date_time');
    expect(problemWith(SessionPatch['2.2.1'], { last_updated: '2026-11-23T11:59:00Z', charging_periods: [{}] })).toContain('charging_periods[0]');
  });

  test('TRN-36, SES-33: a name in the body that is not the one in the URL is told, whatever its case', () => {
    const url = { country_code: 'nl', party_id: 'evk', session_id: 's1' };
    expect(sessionNameMismatch(url, validSession)).toBeUndefined();
    expect(sessionNameMismatch(url, {})).toBeUndefined();
    expect(sessionNameMismatch(url, { ...validSession, id: 'S2' })).toBe('id: found "S2", allowed: "s1" as in the URL');
    expect(sessionNameMismatch(url, { ...validSession, country_code: 'BE' })).toContain('country_code');
    expect(sessionNameMismatch(url, { ...validSession, party_id: 'EXA' })).toContain('party_id');
  });
});
