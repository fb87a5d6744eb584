import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { seconds } from '../../domain/units.ts';
import { dialects } from '../dialects.ts';
import { now, tables } from '../message-handlers.fixture.ts';
import { openSchemas } from '../schema.ts';
import type { OcppVersion, TokenDecision } from '../station.ts';
import { actionsKnownAway, answerWhileAway, keepingOf } from './while-away.ts';

const versions = ['1.6', '2.0.1', '2.1'] as const;
const decisionOf = (uid: string): TokenDecision => (uid === 'GOOD' ? { status: 'Accepted', group: 'a group of twenty-two' } : { status: 'NoCredit' });
/** The answer with a decision on the token that the message presents. */
function answerTo(version: OcppVersion, action: string, payload: object) {
  const { presented } = keepingOf({ version, action, payload });
  const given = { now, heartbeat: seconds(300), provisionalId: 2 ** 30 };
  return answerWhileAway({ version, action, payload }, { ...given, ...(presented && { decision: decisionOf(presented.idToken.uid) }) });
}
const cases = tables.flatMap(([version, rows]) => rows.map(([action, payload]) => ({ version, action, payload })));

/** The actions that only a CSMS sends, and those without an answer. An action that is neither here nor in the table is new. */
const OF_THE_CSMS =
  /^(AFRRSignal|AdjustPeriodic|Cancel|CertificateSigned|Change|Clear(?!ed)|CostUpdated|CustomerInformation|Delete|ExtendedTrigger|Get(?!15118|CertificateStatus|CertificateChainStatus)|Install|NotifyAllowedEnergyTransfer|NotifyWebPaymentStarted|PublishFirmware$|Remote|Request|ReserveNow|Reset|Send|Set|SignedUpdateFirmware|Trigger|Unlock|Unpublish|Update|UsePriority)/;
const FILES = { '1.6': 'ocpp16', '2.0.1': 'ocpp20', '2.1': 'ocpp21' } as const;

describe('GW-K01: what a station is answered while its CSMS is away', () => {
  test.each(versions)('every action that a station may send in OCPP %s has a row, also a new one of the schemas', async (version) => {
    const schemas: object = await import(`typed-ocpp/dist/${FILES[version]}/schemas.js`);
    const sent = Object.keys(schemas)
      .flatMap((name) => (name.endsWith('Request') ? [name.replace(/Request$/, '')] : []))
      .filter((action) => !OF_THE_CSMS.test(action));
    expect([...actionsKnownAway(version)].sort()).toEqual(sent.sort());
    expect([...actionsKnownAway(version)].sort()).toEqual([...(dialects.find((it) => it.version === version)?.handlers.keys() ?? [])].sort());
  });

  test.each(cases)('the answer to $action in OCPP $version fits the official schema', async ({ version, action, payload }) => {
    const { answer } = answerTo(version, action, payload);
    if (answer.is === 'error') return expect.fail(answer.description);
    expect((await openSchemas(version)).fits(`${action}Response`, answer.payload)).toBe(true);
  });

  test.each(versions)('each action of OCPP %s is among those cases', (version) => {
    expect(actionsKnownAway(version).filter((action) => !cases.some((it) => it.version === version && it.action === action))).toEqual([]);
  });

  test.each(versions)('an unknown action in OCPP %s gets a CALLERROR that says that the CSMS is away', (version) => {
    for (const action of ['FutureNotification', 'Reset', 'constructor', '__proto__', ''])
      expect(answerWhileAway({ version, action, payload: {} }, { now, heartbeat: seconds(300) })).toEqual({
        answer: { is: 'error', code: 'InternalError', description: 'the CSMS is away' },
        keep: 'no',
      });
  });

  test.each(versions)('a payload of OCPP %s that is no object is refused and not kept', (version) => {
    for (const payload of [null, 1, 'x', [], undefined])
      expect(answerWhileAway({ version, action: 'MeterValues', payload }, { now, heartbeat: seconds(300) })).toMatchObject({
        answer: { is: 'error' },
        keep: 'no',
      });
  });

  test('hostile payloads never throw, and an answer is always JSON', () => {
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.dictionary(fc.constantFrom('idToken', 'idTag', 'evse', 'certificateStatusRequests', 'connectorId'), fc.jsonValue()),
    );
    fc.assert(
      fc.property(fc.constantFrom(...versions), anything, (version, payload) => {
        for (const action of actionsKnownAway(version)) {
          keepingOf({ version, action, payload });
          JSON.stringify(answerWhileAway({ version, action, payload }, { now, heartbeat: seconds(300) }).answer);
        }
      }),
    );
  });
});

describe('GW-K02: which messages are kept for the CSMS', () => {
  const keptAs = (keep: string) => (version: OcppVersion) =>
    actionsKnownAway(version).filter((action) => keepingOf({ version, action, payload: {} }).keep === keep);

  test('questions are not kept, the newest BootNotification and StatusNotification are, all others in order', () => {
    expect(versions.map(keptAs('newest'))).toEqual(versions.map(() => ['BootNotification', 'StatusNotification']));
    expect(keptAs('no')('1.6')).toEqual(['Authorize', 'DataTransfer', 'Heartbeat', 'SignCertificate']);
    expect(keptAs('no')('2.1')).toEqual([
      'Authorize',
      'DataTransfer',
      'Get15118EVCertificate',
      'GetCertificateStatus',
      'Heartbeat',
      'NotifyEVChargingNeeds',
      'SignCertificate',
      'GetCertificateChainStatus',
      'OpenPeriodicEventStream',
      'PullDynamicScheduleUpdate',
      'VatNumberValidation',
    ]);
  });

  test('a status replaces an older one of the same connector only', () => {
    const keyOf = (version: OcppVersion, payload: object) => keepingOf({ version, action: 'StatusNotification', payload }).key;
    expect(keyOf('1.6', { connectorId: 1 })).not.toBe(keyOf('1.6', { connectorId: 2 }));
    expect(keyOf('2.0.1', { evseId: 1, connectorId: 12 })).not.toBe(keyOf('2.0.1', { evseId: 11, connectorId: 2 }));
    expect(keyOf('2.1', { evseId: 1, connectorId: 1, connectorStatus: 'Occupied' })).toBe(
      keyOf('2.1', { evseId: 1, connectorId: 1, connectorStatus: 'Faulted' }),
    );
  });

  test.each([
    ['1.6', 'StartTransaction', {}, true],
    ['1.6', 'StopTransaction', {}, true],
    ['1.6', 'MeterValues', {}, false],
    ['2.0.1', 'TransactionEvent', { eventType: 'Started' }, true],
    ['2.0.1', 'TransactionEvent', { eventType: 'Updated' }, false],
    ['2.1', 'TransactionEvent', { eventType: 'Ended' }, true],
  ] as const)('OCPP %s: %s %j begins or ends a transaction: %s', (...[version, action, payload, isEdge]) => {
    expect(keepingOf({ version, action, payload })).toMatchObject({ isEdge, isTransactional: true });
  });

  test('a token is decided on where the message presents one, not with a contract certificate', () => {
    const idToken = { idToken: 'GOOD', type: 'ISO14443' };
    const presented = (version: OcppVersion, action: string, payload: object) => keepingOf({ version, action, payload }).presented;
    expect(presented('1.6', 'StartTransaction', { idTag: 'A', connectorId: 2 })).toEqual({ idToken: { uid: 'A', type: 'RFID' }, evseId: 2 });
    expect(presented('2.0.1', 'TransactionEvent', { idToken, evse: { id: 3 } })).toEqual({ idToken: { uid: 'GOOD', type: 'ISO14443' }, evseId: 3 });
    expect(presented('2.0.1', 'Authorize', { idToken, certificate: 'x' })).toBeUndefined();
    expect(presented('2.0.1', 'TransactionEvent', {})).toBeUndefined();
  });

  test('a refused token gets the refusal of the node in its answer', () => {
    expect(answerTo('1.6', 'StartTransaction', { idTag: 'BAD', connectorId: 1 }).answer).toEqual({
      is: 'result',
      payload: { transactionId: 2 ** 30, idTagInfo: { status: 'Blocked' } },
    });
  });
});
