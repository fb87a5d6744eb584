import type { TSchema } from 'typebox';
import { nothing } from './endpoint.ts';
import { jsonBoundsProblem } from './json-bounds.ts';
import { readLeniently } from './lenient-read.ts';
import { rangeOf } from './status.ts';
import type { HttpAnswer } from './transport.ts';

/** What became of a message to a peer. Only HTTP 2xx with a code of 1000 to 1999 and readable data is a success (STA-10). */
export type PeerAnswer<A> =
  | { is: 'SUCCESS'; data: A; httpStatus: number; statusCode: number; headers: Readonly<Record<string, string>> }
  | {
      is: 'FAILED';
      /**
       * One word: http_3xx, http_4xx, http_5xx, ocpi_2xxx, ocpi_3xxx, ocpi_4xxx, ocpi_other; hub_error, unknown_receiver,
       * hub_timeout, receiver_not_connected of a hub; bad_body, bad_request, or what the transport says.
       */
      because: string;
      /** The peer may have got it. */
      sent: boolean;
      httpStatus?: number;
      statusCode?: number;
      /** What the peer says, or what is wrong with what it said; never more than 255 characters. */
      message?: string;
      /** Readable data that came with a failure: some partners refuse a profile with a 2xxx around a proper result. */
      data?: A;
    };

/** Classifies an answer and reads its data as `schema` says; unknown fields stay where they are (CP-62). */
export function readAnswer(answered: HttpAnswer, schema: TSchema): PeerAnswer<unknown> {
  if (answered.is === 'FAILED') return { is: 'FAILED', because: answered.because, sent: answered.sent, message: answered.detail };
  const { status, headers } = answered;
  const envelope = readEnvelope(answered.body);
  const data = envelope === undefined ? undefined : readData(schema, envelope.data);
  const about = { sent: true, httpStatus: status, ...envelope?.about };
  if (status < 200 || status >= 300) return { is: 'FAILED', because: httpWord(status), ...about, ...data?.carried };
  if (envelope === undefined)
    return { is: 'FAILED', because: 'bad_body', ...about, message: 'The body is not an OCPI response: a JSON object with a status_code' };
  const because = wordOf(envelope.about.statusCode);
  if (because !== 'success') return { is: 'FAILED', because, ...about, ...data?.carried };
  if (data === undefined || data.problem !== undefined) return { is: 'FAILED', because: 'bad_body', ...about, message: `data.${data?.problem}` };
  return { is: 'SUCCESS', data: data.value, httpStatus: status, statusCode: envelope.about.statusCode, headers };
}

/** The first digit tells; a 1xx that got through is no answer either. */
const httpWord = (status: number) => `http_${Math.trunc(status / 100)}xx`;

/** What went wrong between a hub and the party behind it, each by its own name (RTE-17). */
const HUB_WORDS: ReadonlyMap<number, string> = new Map([
  [4000, 'hub_error'],
  [4001, 'unknown_receiver'],
  [4002, 'hub_timeout'],
  [4003, 'receiver_not_connected'],
]);
const wordOf = (code: number): string => HUB_WORDS.get(code) ?? rangeOf(code);

interface ReadEnvelope {
  about: { statusCode: number; message?: string };
  data: unknown;
}

function readEnvelope(body: string): ReadEnvelope | undefined {
  if (jsonBoundsProblem(body) !== undefined) return undefined;
  const json = parse(body);
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const code: unknown = Reflect.get(json, 'status_code');
  // Some partners write "1000".
  const statusCode = typeof code === 'string' && /^\d{4}$/.test(code) ? Number(code) : code;
  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode)) return undefined;
  const message: unknown = Reflect.get(json, 'status_message');
  return { about: { statusCode, ...(typeof message === 'string' && { message: message.slice(0, 255) }) }, data: Reflect.get(json, 'data') };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** TRN-42: where no data is specified, anything may stand there. */
function readData(schema: TSchema, found: unknown): { value: unknown; carried: { data?: unknown }; problem?: string } {
  if (schema === nothing) return { value: undefined, carried: {} };
  const read = readLeniently(schema, found);
  return read.ok ? { value: read.value.value, carried: { data: read.value.value } } : { value: undefined, carried: {}, problem: read.problem };
}
