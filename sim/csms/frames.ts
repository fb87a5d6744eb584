import type { EpochMillis } from '../../src/domain/units.ts';

/** A WebSocket message as it was sent or received. */
export interface CsmsFrame {
  at: EpochMillis;
  station: string;
  /** The number of the connection, from 1 on, over all stations. */
  connection: number;
  from: 'station' | 'csms';
  /** The exact text; a binary message is written in hexadecimal digits. */
  text: string;
  /** Only for a binary message. */
  binary?: true;
}

/** One connection of a station, from its upgrade on. */
export interface CsmsConnectionRecord {
  number: number;
  station: string;
  /** The path and query of the upgrade, unchanged. */
  url: string;
  headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Empty when none was negotiated. */
  subprotocol: string;
  openedAt: EpochMillis;
  /** The payloads of the pings of the station, as text. */
  pings: string[];
  /** How it ended; undefined while it is open. Code 1006: without a close frame. */
  closed: { at: EpochMillis; code: number; reason: string } | undefined;
}

/** A refused upgrade, with the HTTP status that it got; 0: none. */
export interface RefusedUpgrade {
  at: EpochMillis;
  station: string;
  url: string;
  headers: CsmsConnectionRecord['headers'];
  http: number;
}

/** The station's answer to a call of the CSMS, with its exact text. `timeout` and `disconnected` are codes of the stand-in, without a text. */
export type StationAnswer = { ok: true; payload: unknown; text: string } | { ok: false; code: string; description: string; text: string };

/** Reads a frame of OCPP-J; undefined when the text is no JSON array that begins with a number. */
export function readFrame(text: string): readonly unknown[] | undefined {
  try {
    const frame: unknown = JSON.parse(text);
    return Array.isArray(frame) && typeof frame[0] === 'number' ? frame : undefined;
  } catch {
    return undefined;
  }
}
