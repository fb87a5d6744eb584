import type { CallAnswer } from '../dialect.ts';

/** A call of a station, and its text as it was sent. */
export interface StationCall {
  id: string;
  action: string;
  text: string;
}

/** Sends a kept message to the CSMS and resolves with its answer; `lost`: the CSMS went away before it answered. */
export type SendOn = (text: string, id: string) => Promise<CallAnswer | { is: 'lost' }>;

/** What keeps the messages of one station while its CSMS is away. */
export interface Keeping {
  /** Messages that wait for the CSMS. */
  readonly waiting: number;
  /** True: this call must be kept although the CSMS is there, because messages before it wait. */
  holds(action: string): boolean;
  /** Answers a call instead of the CSMS, after what must be kept is committed; resolves with the text for the station. */
  answer(call: StationCall): Promise<string>;
  /** The CSMS is there: kept messages are sent on, in order. */
  csmsIsThere(sendOn: SendOn): void;
  csmsIsAway(): void;
  /** A text of the station, as the CSMS must see it. */
  toCsms(text: string): string;
  /** A text of the CSMS, as the station must see it. */
  toStation(text: string): string;
}
