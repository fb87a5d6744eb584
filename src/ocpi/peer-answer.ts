import type { TSchema } from 'typebox';
import { showValue } from '../domain/show-value.ts';
import { nothing } from './endpoint.ts';
import { jsonBoundsProblem } from './json-bounds.ts';
import { parseJson } from './parse-json.ts';
import type { Deviation } from './patience/kinds.ts';
import { type Leniency, readLeniently } from './patience/read-leniently.ts';
import { rangeOf } from './status.ts';
import type { HttpAnswer } from './transport.ts';

/** A peer's answer to a message, or why there is none. Success is HTTP 2xx with a status code from 1000 to 1999 and valid data (STA-10). */
export type PeerAnswer<A> =
  | {
      is: 'SUCCESS';
      data: A;
      httpStatus: number;
      statusCode: number;
      headers: Readonly<Record<string, string>>;
      /** The peer's status_message, at most 255 characters: a refused profile is a success with the reason here. */
      message?: string;
    }
  | {
      is: 'FAILED';
      /**
       * The cause: http_3xx, http_4xx, http_5xx, ocpi_2xxx, ocpi_3xxx, ocpi_4xxx, ocpi_other; hub_error, unknown_receiver,
       * hub_timeout, receiver_not_connected from a hub; bad_body, bad_request, or a cause of the transport.
       */
      because: string;
      /** Whether the peer may have received the message. */
      sent: boolean;
      httpStatus?: number;
      statusCode?: number;
      /** The peer's status_message, or what is wrong with its answer; at most 255 characters. */
      message?: string;
      /** Valid data in a failed answer: some peers refuse a profile with a 2xxx and a proper response. */
      data?: A;
    };

/** How an answer is read; deviations that were read with patience are added to `found`. */
export interface AnswerReading extends Leniency {
  found?: Deviation[];
}

/** Classifies an answer and reads its data by `schema`; unknown fields are kept (CP-62). */
export function readAnswer(answered: HttpAnswer, schema: TSchema, reading: AnswerReading = {}): PeerAnswer<unknown> {
  if (answered.is === 'FAILED') return { is: 'FAILED', because: answered.because, sent: answered.sent, message: answered.detail };
  const { status, headers } = answered;
  const isSuccess = status >= 200 && status < 300;
  const envelope = readEnvelope(answered.body, reading) ?? (isSuccess ? readWithoutEnvelope(answered.body, schema, reading) : undefined);
  const data = envelope === undefined ? undefined : readData(schema, envelope.data, reading);
  const about = { sent: true, httpStatus: status, ...envelope?.about };
  if (!isSuccess) return { is: 'FAILED', because: httpCause(status), ...about, ...data?.valid };
  if (envelope === undefined) return { is: 'FAILED', because: causeWithout(answered.body, reading), ...about, message: NO_ENVELOPE };
  const because = ocpiCause(envelope.about.statusCode);
  if (because !== 'success') return { is: 'FAILED', because, ...about, ...data?.valid };
  if (data === undefined || data.problem !== undefined) return { is: 'FAILED', because: 'bad_body', ...about, message: `data.${data?.problem}` };
  return { is: 'SUCCESS', data: data.value, httpStatus: status, ...envelope.about, headers };
}

const NO_ENVELOPE = 'The body is not an OCPI response: a JSON object with a status_code';
/** The longest text that counts as a plain acknowledgement, such as OK. */
const LONGEST_ACKNOWLEDGEMENT = 64;
/** Whether a body acknowledges a message and says nothing more: empty, or a short text such as OK. */
const isPlain = (body: string) => body.length <= LONGEST_ACKNOWLEDGEMENT && /^[\w\s"'.!]*$/.test(body) && parseJson(body)?.value !== null;

/** The cause of a success without an OCPI response: by its HTTP status, if the body is a plain acknowledgement. */
const causeWithout = (body: string, { strict }: AnswerReading) => (!strict && isPlain(body) ? 'http_2xx' : 'bad_body');

/** Reads an answer of HTTP 2xx without an envelope: an acknowledgement where no data is needed, else the data alone; undefined when it is neither. */
function readWithoutEnvelope(body: string, schema: TSchema, reading: AnswerReading): ReadEnvelope | undefined {
  if (reading.strict) return undefined;
  const json = jsonBoundsProblem(body) === undefined ? parseJson(body)?.value : undefined;
  const data: unknown = typeof json === 'object' && json !== null && 'data' in json ? json.data : json;
  const isServed =
    schema === nothing ? isPlain(body) || (typeof data === 'object' && data !== null && !Array.isArray(data)) : readLeniently(schema, data, reading).ok;
  if (!isServed) return undefined;
  reading.found?.push({ kind: 'no-envelope', field: 'body', found: typeof json === 'object' ? showValue(json) : `a text of ${body.length} characters` });
  return { about: { statusCode: 1000 }, data };
}

const httpCause = (status: number) => `http_${Math.trunc(status / 100)}xx`;

/** Failures between a hub and the party behind it, each with its own cause (RTE-17). */
const HUB_CAUSES: ReadonlyMap<number, string> = new Map([
  [4000, 'hub_error'],
  [4001, 'unknown_receiver'],
  [4002, 'hub_timeout'],
  [4003, 'receiver_not_connected'],
]);
const ocpiCause = (code: number): string => HUB_CAUSES.get(code) ?? rangeOf(code);

interface ReadEnvelope {
  about: { statusCode: number; message?: string };
  data: unknown;
}

function readEnvelope(body: string, { strict, found }: AnswerReading): ReadEnvelope | undefined {
  if (jsonBoundsProblem(body) !== undefined) return undefined;
  const parsed = parseJson(body);
  if (parsed?.afterMark && strict) return undefined;
  const json = parsed?.value;
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return undefined;
  const code: unknown = Reflect.get(json, 'status_code');
  // Some peers write "1000".
  const statusCode = typeof code === 'string' && /^\d{4}$/.test(code) ? Number(code) : code;
  if (typeof statusCode !== 'number' || !Number.isInteger(statusCode)) return undefined;
  if (parsed?.afterMark) found?.push({ kind: 'byte-order-mark', field: 'body', found: 'U+FEFF' });
  const message: unknown = Reflect.get(json, 'status_message');
  return { about: { statusCode, ...(typeof message === 'string' && { message: message.slice(0, 255) }) }, data: Reflect.get(json, 'data') };
}

/** TRN-42: where the specification names no data, any data is accepted and ignored. */
function readData(schema: TSchema, data: unknown, reading: AnswerReading): { value: unknown; valid: { data?: unknown }; problem?: string } {
  if (schema === nothing) return { value: undefined, valid: {} };
  const read = readLeniently(schema, data, reading);
  if (read.ok) reading.found?.push(...read.value.deviations.map((it) => ({ ...it, field: `data.${it.field}` })));
  return read.ok ? { value: read.value.value, valid: { data: read.value.value } } : { value: undefined, valid: {}, problem: read.problem };
}
