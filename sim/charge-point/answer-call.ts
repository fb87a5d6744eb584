import type { Clock } from '../../src/domain/clock.ts';
import { accept, type Dialect, fieldsOf, type Reply, status, type Works } from './dialect.ts';
import type { Line } from './ocpp-client.ts';
import { breachOf, knowsAction } from './schema-check.ts';
import type { AnswerBehaviour, Traits } from './traits.ts';

const SMART_CHARGING = new Set([
  'SetChargingProfile',
  'ClearChargingProfile',
  'GetCompositeSchedule',
  'GetChargingProfiles',
  'UpdateDynamicSchedule',
  'UsePriorityCharging',
]);

/** Does what a call asks, or what the station's manner makes of it. */
export async function decide(
  call: { action: string; payload: unknown; manner: AnswerBehaviour },
  { dialect, works }: { dialect: Dialect; works: Works },
): Promise<Reply> {
  const { action, payload, manner } = call;
  if (manner.is === 'answer') return accept(manner.payload);
  if (manner.is === 'call-error') return { ok: false, code: manner.code, ...(manner.description !== undefined && { description: manner.description }) };
  const lacking = works.traits.lacksSmartCharging;
  if (lacking && SMART_CHARGING.has(action)) return decline(lacking, { action, version: dialect.version });
  const answer = dialect.answers[action];
  if (!answer) return { ok: false, code: (await knowsAction(dialect.version, action)) ? 'NotSupported' : 'NotImplemented' };
  const breach = await breachOf(dialect.version, `${action}Request`, payload);
  return breach ? { ok: false, ...breach } : answer(fieldsOf(payload), works);
}

function decline(how: NonNullable<Traits['lacksSmartCharging']>, { action, version }: { action: string; version: Dialect['version'] }): Reply {
  if (how !== 'status NotSupported') return { ok: false, code: how };
  if (action === 'ClearChargingProfile') return status('Unknown');
  if (action === 'GetChargingProfiles') return status('NoProfiles');
  if (action !== 'SetChargingProfile') return status('Rejected');
  return version === '1.6' ? status('NotSupported') : accept({ status: 'Rejected', statusInfo: { reasonCode: 'UnsupportedRequest' } });
}

/** Where an answer goes: onto the line, or kept for the next one. */
export interface Mouth {
  line: Line;
  clock: Clock;
  owe: (frame: unknown) => void;
}

/** Says an answer in the station's manner, then does what was to follow it. */
export function utter({ call, reply, manner }: { call: string; reply: Reply; manner: AnswerBehaviour }, { line, clock, owe }: Mouth): void {
  const frame = reply.ok ? [3, call, reply.payload] : [4, call, reply.code, reply.description ?? '', {}];
  const afterwards = () => (reply.ok ? reply.afterwards?.() : undefined);
  switch (manner.is) {
    case 'late':
      clock.after(manner.milliseconds, () => {
        line.send(frame);
        afterwards();
      });
      return;
    case 'twice':
      line.send(frame);
      line.send(frame);
      break;
    case 'malformed':
      line.send([3, call, manner.payload ?? { status: 42, odd: true }]);
      break;
    case 'raw':
      line.write(manner.text);
      break;
    case 'answer-on-new-socket':
      owe(frame);
      line.cut();
      break;
    case 'drop':
      line.cut();
      break;
    case 'never':
      break;
    case 'plain':
    case 'call-error':
    case 'answer':
      line.send(frame);
      break;
    default:
      manner satisfies never;
  }
  afterwards();
}
