import { randomInt } from 'node:crypto';
import { scanFrame, textIn } from './scan-frame.ts';

/** Where a frame goes. */
export type Direction = 'to-csms' | 'to-station';

/** The transaction ids of one station that its CSMS knows by another number. */
export interface TransactionIds {
  /** The id of the CSMS for the station's; undefined: both use the same. */
  toCsms(id: number): number | undefined;
  /** The id of the station for the one of the CSMS; undefined: both use the same. */
  toStation(id: number): number | undefined;
}

/** The CSMS's id of a transaction whose start never reached it; stations use this id when they know none (F-01, F-02). */
export const NEVER_STARTED = -1;

/** The lowest and the highest provisional id: the upper half of 31 bits. */
export const PROVISIONAL = { lowest: 2 ** 30, highest: 2 ** 31 - 2 } as const;

/** A new provisional transaction id that is not in use; `random` returns an integer from its first argument up to, not including, its second. */
export function newProvisionalId(isInUse: (id: number) => boolean, random: (from: number, to: number) => number = randomInt): number {
  for (;;) {
    const id = random(PROVISIONAL.lowest, PROVISIONAL.highest + 1);
    if (!isInUse(id)) return id;
  }
}

/** The places of `transactionId` in the CALLs of OCPP 1.6: in the payload itself, or in the object with this key. */
const PLACES: Readonly<Record<string, string | undefined>> = {
  MeterValues: '',
  StopTransaction: '',
  RemoteStopTransaction: '',
  RemoteStartTransaction: 'chargingProfile',
  SetChargingProfile: 'csChargingProfiles',
};

/**
 * Replaces the transaction id in a CALL of OCPP 1.6, or in the CALLRESULT of StartTransaction, the only answer that has one. Only the
 * digits of the number change; all other bytes of the text stay. A text that is no such frame is returned unchanged.
 */
export function translate(text: string, direction: Direction, ids: TransactionIds): string {
  const numbers = numbersIn(text);
  if (numbers.length === 0 || !isJson(text)) return text;
  let translated = '';
  let copied = 0;
  for (const { start, end } of numbers) {
    const id = Number(text.slice(start, end));
    const other = direction === 'to-csms' ? ids.toCsms(id) : ids.toStation(id);
    if (other === undefined) continue;
    translated += text.slice(copied, start) + String(other);
    copied = end;
  }
  return translated + text.slice(copied);
}

/** The places of all numbers that are transaction ids; several when a key stands twice. */
function numbersIn(text: string): { start: number; end: number }[] {
  const numbers: { start: number; end: number }[] = [];
  let type = 0;
  let place: string | undefined;
  scanFrame(text, ({ path, start, end, isString }) => {
    if (path.length === 1 && path[0] === 0) type = Number(text.slice(start, end));
    if (path.length === 1 && path[0] === 2 && isString && type === 2) place = placeOf(textIn(text.slice(start, end)));
    if (isString || path.at(-1) !== 'transactionId') return;
    const isTop = path.length === 2;
    const [index, key] = path;
    const isThere = type === 3 ? index === 2 && isTop : index === 3 && place !== undefined && (place === '' ? isTop : path.length === 3 && key === place);
    if (isThere) numbers.push({ start, end });
  });
  return numbers;
}

const placeOf = (action: string) => (Object.hasOwn(PLACES, action) ? PLACES[action] : undefined);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
