import { clearRequest, compositeRequest, setRequest } from '../bare-station.fixture.ts';
import type { Reading, StationAnswer, StationEvent, StationRequest } from '../station.ts';
import type { TypicalCall } from './corpus.fixture.ts';
import { dialectOf, type Outcome, patientAnswer, patientCall, patientReader } from './patient-reading.fixture.ts';

/** What one message was good for, in the words of its purpose; equal texts: the purpose is served as well as before. */
export type Purpose = readonly string[];

const energyOf = (readings: readonly Reading[]) => readings.findLast((it) => it.energy !== undefined)?.energy;

/** What the node learns from an event. `own` is the spoiled field: what it alone says may be lost. */
function learnt(event: StationEvent, own: string): string {
  const says = (field: RegExp, fact: unknown) => (field.test(own) ? '' : ` ${String(fact)}`);
  switch (event.kind) {
    case 'booted':
      return 'booted';
    case 'status':
      return `status of ${event.evseId}:${says(/^(status|connectorStatus|eventData\.actualValue)$/, event.status)}`;
    case 'transaction-started':
      return `start of${says(/transactionId/, event.transactionId)} at ${event.evseId},${says(/^meter/, energyOf(event.readings))} Wh`;
    case 'transaction-updated': {
      const facts = [
        ...(event.ofEvse ? [`EVSE ${event.evseId}`] : []),
        energyOf(event.readings),
        says(/transactionId/, event.transactionId),
        says(/chargingState|^status$|^transactionInfo$/, event.charging),
        says(/triggerReason/, event.rateChanged),
      ];
      return `update: ${facts.join(',')}`;
    }
    case 'transaction-ended':
      return `end of${says(/transactionId/, event.transactionId)},${says(/^(meter|transactionData)/, energyOf(event.readings))} Wh`;
    case 'limit-changed':
      return `limit of${says(/evseId/, event.evseId)}, over:${says(/^activated$/, event.isOver)}`;
    case 'abilities-learnt':
      return event.kind;
    default:
      return event satisfies never;
  }
}

/** The statuses in an answer of the node. Of a token that is spoiled only the refusal is safe. */
function answered({ answer, accepted }: Outcome, own: string): string {
  if (!accepted) return `refused: ${String(answer)}`;
  if (/^(idTag|idToken|certificate|vatNumber)/.test(own)) return 'answered';
  // What an answer repeats of the message is no purpose of it.
  return JSON.stringify(answer, (key, value: unknown) => (['evseId', 'certificateHashData', 'source'].includes(key) ? undefined : value));
}

/** The purpose that a call served; `own` is the spoiled field. */
export async function purposeOfCall({ version, action, payload }: Omit<TypicalCall, 'payload'> & { payload: unknown }, own = ''): Promise<Purpose> {
  const outcome = await patientCall(version, [action, payload]);
  // OCPP 2.x: the energy of a transaction is in its own events, so a spoiled reading of its EVSE costs only itself.
  const isExtra = (event: StationEvent) => event.kind === 'transaction-updated' && event.ofEvse === true && own.startsWith('meterValue');
  const learned = outcome.events.filter((event) => !isExtra(event)).map((event) => learnt(event, own));
  // OCPP 1.6: whether the car charges is told by the status; when that word is spoiled, nothing is told.
  return [answered(outcome, own), ...(own === 'status' ? learned.slice(0, 1) : learned)];
}

const REQUESTS: Readonly<Record<string, StationRequest>> = {
  SetChargingProfile: setRequest,
  ClearChargingProfile: clearRequest,
  GetCompositeSchedule: compositeRequest,
};

const outcomeOf = (answer: StationAnswer) =>
  answer.is === 'ACCEPTED' ? `ACCEPTED ${JSON.stringify(answer.activeProfile?.periods)}` : `${answer.is} ${'because' in answer ? answer.because : ''}`;

/** The purpose that an answer served: the outcome of the request, its limits, or the abilities of the station. */
export async function purposeOfAnswer({ version, action, payload }: Omit<TypicalCall, 'payload'> & { payload: unknown }, own = ''): Promise<Purpose> {
  const request = REQUESTS[action];
  if (request) {
    const { answer } = await patientAnswer(version, request, payload);
    // Without a readable status the request ends as REJECTED at once, and the active profile is read (F-26).
    return own === 'status' && action !== 'GetCompositeSchedule'
      ? [answer.is === 'REJECTED' || answer.is === 'ACCEPTED' ? 'an outcome' : answer.is]
      : [outcomeOf(answer)];
  }
  const { schemas } = await patientReader(version);
  const read = dialectOf(version).abilityQuery.read(payload, schemas);
  if (!read.ok) return [`refused: ${read.problem.problem}`];
  // Two abilities are stated. The entry of one is spoiled; the other must be read all the same. Without the list nothing can be.
  const { smartCharging, maxPeriods } = read.value;
  return [!smartCharging || maxPeriods === 6 || ['configurationKey', 'getVariableResult'].includes(own) ? 'abilities' : 'nothing'];
}
