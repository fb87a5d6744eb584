import type { Clock } from '../../src/domain/clock.ts';
import { accept, type Dialect, fieldsOf, type Reply, type StationControls, status } from './dialect.ts';
import type { OcppClient } from './ocpp-client.ts';
import { knowsAction, violationOf } from './schema-check.ts';
import type { AnswerBehaviour, Traits } from './traits.ts';

const SMART_CHARGING = new Set([
  'SetChargingProfile',
  'ClearChargingProfile',
  'GetCompositeSchedule',
  'GetChargingProfiles',
  'UpdateDynamicSchedule',
  'UsePriorityCharging',
]);

/** Carries out a call of the node and returns the answer, or returns the answer that the station's behaviour prescribes. */
export async function decideReply(
  call: { action: string; payload: unknown; behaviour: AnswerBehaviour },
  { dialect, station }: { dialect: Dialect; station: StationControls },
): Promise<Reply> {
  const { action, payload, behaviour } = call;
  if (behaviour.is === 'answer') return accept(behaviour.payload);
  if (behaviour.is === 'call-error')
    return { ok: false, code: behaviour.code, ...(behaviour.description !== undefined && { description: behaviour.description }) };
  const lacking = station.traits.lacksSmartCharging;
  if (lacking && SMART_CHARGING.has(action)) return declineSmartCharging(lacking, { action, version: dialect.version });
  const answer = dialect.answers[action];
  if (!answer) return { ok: false, code: (await knowsAction(dialect.version, action)) ? 'NotSupported' : 'NotImplemented' };
  const violation = await violationOf(dialect.version, `${action}Request`, payload);
  return violation ? { ok: false, ...violation } : answer(fieldsOf(payload), station);
}

function declineSmartCharging(how: NonNullable<Traits['lacksSmartCharging']>, { action, version }: { action: string; version: Dialect['version'] }): Reply {
  if (how !== 'status NotSupported') return { ok: false, code: how };
  if (action === 'ClearChargingProfile') return status('Unknown');
  if (action === 'GetChargingProfiles') return status('NoProfiles');
  if (action !== 'SetChargingProfile') return status('Rejected');
  return version === '1.6' ? status('NotSupported') : accept({ status: 'Rejected', statusInfo: { reasonCode: 'UnsupportedRequest' } });
}

/** Where an answer is sent: on this connection, or on the next one. */
export interface ReplyTarget {
  client: OcppClient;
  clock: Clock;
  sendOnNextConnection: (frame: unknown) => void;
}

/** Sends an answer as the station's behaviour prescribes, then runs what follows it. */
export function sendReply(
  { call, reply, behaviour }: { call: string; reply: Reply; behaviour: AnswerBehaviour },
  { client, clock, sendOnNextConnection }: ReplyTarget,
): void {
  const frame = reply.ok ? [3, call, reply.payload] : [4, call, reply.code, reply.description ?? '', {}];
  const afterwards = () => (reply.ok ? reply.afterwards?.() : undefined);
  switch (behaviour.is) {
    case 'late':
      clock.after(behaviour.milliseconds, () => {
        client.send(frame);
        afterwards();
      });
      return;
    case 'twice':
      client.send(frame);
      client.send(frame);
      break;
    case 'malformed':
      client.send([3, call, behaviour.payload ?? { status: 42, odd: true }]);
      break;
    case 'raw':
      client.write(behaviour.text);
      break;
    case 'answer-on-new-socket':
      sendOnNextConnection(frame);
      client.terminate();
      break;
    case 'drop':
      client.terminate();
      break;
    case 'never':
      break;
    case 'plain':
    case 'call-error':
    case 'answer':
      client.send(frame);
      break;
    default:
      behaviour satisfies never;
  }
  afterwards();
}
