import { seconds } from '../../domain/units.ts';
import { answerCall } from '../answer-call.ts';
import { type HandlerContext, type ReadContext, read } from '../dialect.ts';
import { dialects } from '../dialects.ts';
import { now } from '../message-handlers.fixture.ts';
import { openSchemas } from '../schema.ts';
import type { OcppVersion, StationAnswer, StationEvent, StationRequest } from '../station.ts';
import { boundedMoment } from './clock.ts';
import type { Oddity } from './ledger.ts';
import { patientSchemas } from './patient-schemas.ts';
import type { StationFacts } from './rules.ts';

/** What came of one call: the payload or error code of the answer, the events that the node received, and the oddities. */
export interface Outcome {
  accepted: boolean;
  answer: unknown;
  events: StationEvent[];
  oddities: Oddity[];
}

const ONE_EVSE = { evseIds: [1] };
const RUNNING = { '1.6': '7', '2.0.1': 'tx', '2.1': 'tx' };

export function dialectOf(version: OcppVersion) {
  const dialect = dialects.find((it) => it.version === version);
  if (!dialect) throw new Error(version);
  return dialect;
}

/** The patient schemas of a station with these EVSEs, and a list that the oddities are added to. */
export async function patientReader(version: OcppVersion, { evseIds }: Pick<StationFacts, 'evseIds'> = ONE_EVSE) {
  const facts: StationFacts = { evseIds, transactions: new Map([[1, RUNNING[version]]]) };
  const oddities: Oddity[] = [];
  const official = await openSchemas(version);
  return { official, oddities, schemas: patientSchemas(official, { version, facts, note: (it) => void oddities.push(it) }) };
}

/** Lets a station with patience send one call; the token GOOD may charge, and a transaction (7, or tx) runs at EVSE 1. */
export async function patientCall(version: OcppVersion, [action, payload]: [action: string, payload: unknown], facts = ONE_EVSE): Promise<Outcome> {
  const { schemas, oddities } = await patientReader(version, facts);
  const events: StationEvent[] = [];
  const handlerContext: HandlerContext = {
    now: () => now,
    moment: (text) => {
      const { at, odd } = boundedMoment(text, now);
      if (odd) oddities.push(odd);
      return at;
    },
    heartbeat: seconds(300),
    transactions: new Map([[1, RUNNING[version]]]),
    report: async (event) => void events.push(event),
    authorize: async ({ uid }) => ({ status: uid === 'GOOD' ? 'Accepted' : 'Invalid' }),
    chargingNeeds: async () => 'Accepted',
    startTransaction: async ({ idTag }) => ({ transactionId: 7, decision: { status: idTag === 'GOOD' ? 'Accepted' : 'Invalid' } }),
  };
  const { frame } = await answerCall(
    { type: 'call', id: 'x', action, payload: structuredClone(payload) },
    { dialect: dialectOf(version), schemas, handlerContext },
  );
  const answer = frame.type === 'result' ? frame.payload : frame.type === 'error' ? `${frame.code}: ${frame.description}` : frame;
  return { accepted: frame.type === 'result', answer, events, oddities };
}

/** Reads what a station with patience answers to a request of the node. */
export async function patientAnswer(
  version: OcppVersion,
  request: StationRequest,
  payload: unknown,
): Promise<{ answer: StationAnswer; oddities: readonly Oddity[]; refused: boolean }> {
  const { schemas, oddities } = await patientReader(version);
  const context: ReadContext = { dialect: dialectOf(version), schemas, now };
  const { answer, violation } = read(request, { is: 'result', payload: structuredClone(payload) }, context);
  return { answer, oddities, refused: violation !== undefined };
}

/** The kinds of oddities, each once. */
export const kindsOf = (oddities: readonly Oddity[]): string[] => [...new Set(oddities.map(({ kind }) => kind))];
