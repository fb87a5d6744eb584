import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { openSchemas } from '../schema.ts';
import { type TypicalCall, typicalAnswers, typicalCalls } from './corpus.fixture.ts';
import { type Purpose, purposeOfAnswer, purposeOfCall } from './purpose.fixture.ts';
import { spoiled } from './spoil.fixture.ts';
import { refused, unserved } from './unserved.fixture.ts';

type PurposeOf = (message: Omit<TypicalCall, 'payload'> & { payload: unknown }, own?: string) => Promise<Purpose>;

/** What came of all spoiled messages of a kind: their number, and the fields of those that lost their purpose. */
interface Measured {
  all: number;
  lost: string[];
  refused: string[];
}

/** Spoils each field of each message in each way, and compares what the message was good for before and after. Changes that the schema allows are left out. */
async function measure(messages: readonly TypicalCall[], { kind, purposeOf }: { kind: 'Request' | 'Response'; purposeOf: PurposeOf }): Promise<Measured> {
  const measured: Measured = { all: 0, lost: [], refused: [] };
  for (const { version, action, payload } of messages) {
    const official = await openSchemas(version);
    for (const { path, payload: odd } of spoiled(payload)) {
      if (official.fits(`${action}${kind}`, odd)) continue;
      measured.all += 1;
      const [before, after] = [await purposeOf({ version, action, payload }, path), await purposeOf({ version, action, payload: odd }, path)];
      if (JSON.stringify(after) === JSON.stringify(before)) continue;
      measured.lost.push(`${action}.${path}`);
      if (after[0]?.startsWith('refused')) measured.refused.push(`${action}.${path}`);
    }
  }
  return measured;
}

const namesIn = (fields: readonly string[]) => [...new Set(fields)].sort();
const share = ({ all, lost }: Measured) => Math.floor(((all - lost.length) / all) * 1000) / 10;

describe('F-20 to F-28: one spoiled field of a typical message', { timeout: 60_000 }, () => {
  let calls: Measured;
  let answers: Measured;
  let total: Measured;
  beforeAll(async () => {
    calls = await measure(typicalCalls, { kind: 'Request', purposeOf: purposeOfCall });
    answers = await measure(typicalAnswers, { kind: 'Response', purposeOf: purposeOfAnswer });
    total = { all: calls.all + answers.all, lost: [...calls.lost, ...answers.lost], refused: [...calls.refused, ...answers.refused] };
  }, 60_000);

  test('every typical message is valid', async () => {
    for (const { version, action, payload } of typicalCalls)
      expect([action, (await openSchemas(version)).fits(`${action}Request`, payload)]).toEqual([action, true]);
    for (const { version, action, payload } of typicalAnswers)
      expect([action, (await openSchemas(version)).fits(`${action}Response`, payload)]).toEqual([action, true]);
  });

  test('the purpose is served in at least 97 %', () => {
    expect(share(total)).toBeGreaterThanOrEqual(97);
  });

  test('each field that costs the purpose is listed with its reason, and no other', () => {
    expect(namesIn(total.lost)).toEqual(Object.keys(unserved).sort());
  });

  test('only what cannot be answered at all gets a CALLERROR', () => {
    expect(namesIn(total.refused)).toEqual([...refused].sort());
  });

  test('docs/charge-points.md has the figures', () => {
    const page = readFileSync(new URL('../../../docs/charge-points.md', import.meta.url), 'utf8');
    expect(page).toContain(
      `Of ${total.all} messages with one spoiled field ${share(total)} % serve their purpose: ${share(calls)} % of the calls, ${share(answers)} % of the answers.`,
    );
  });
});
