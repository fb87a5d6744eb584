import { fail, ok, type Result } from '../../domain/result.ts';
import type { MqttMeter } from '../config/site-schema.ts';
import type { MeterValue } from './building-meters.ts';

/** Where the values are in a message: paths of keys with dots. */
export type MeterPaths = Pick<MqttMeter, 'a' | 'w' | 'kw'>;

/** More is no current of a meter, in A; and no power, in W. */
const MOST = { a: 100_000, w: 1_000_000_000 };
const W_PER_KW = 1_000;

/** Reads the JSON message of a meter; fails with the path, what was found there, and what is allowed. */
export function readMeterMessage(text: string, paths: MeterPaths): Result<MeterValue> {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return fail(`found ${JSON.stringify(text.slice(0, 60))}, allowed is a JSON message`);
  }
  const currents = paths.a?.map((path) => numberAt(message, path, MOST.a));
  const power = paths.w === undefined ? undefined : numberAt(message, paths.w, MOST.w);
  const kilowatts = paths.kw === undefined ? undefined : numberAt(message, paths.kw, MOST.w / W_PER_KW);
  const wrong = [...(currents ?? []), power, kilowatts].find((it) => it?.ok === false);
  if (wrong?.ok === false) return fail(wrong.problem);
  const [l1, l2, l3] = (currents ?? []).map((it) => (it.ok ? it.value : 0));
  const w = power?.ok ? power.value : kilowatts?.ok ? kilowatts.value * W_PER_KW : undefined;
  return ok({ ...(l1 !== undefined && l2 !== undefined && l3 !== undefined && { a: [l1, l2, l3] as const }), ...(w !== undefined && { w }) });
}

/** The number at a path; many meters write numbers as text. */
function numberAt(message: unknown, path: string, most: number): Result<number> {
  const keys = path
    .replace(/^\$\.?/, '')
    .replace(/\[(\d+)\]/g, '.$1')
    .split('.')
    .filter((key) => key !== '');
  const found = keys.reduce<unknown>(
    (it, key) => (typeof it === 'object' && it !== null && Object.hasOwn(it, key) ? Reflect.get(it, key) : undefined),
    message,
  );
  const number = typeof found === 'string' && /^\s*[-+]?\d+(\.\d+)?\s*$/.test(found) ? Number(found) : found;
  if (typeof number === 'number' && Math.abs(number) <= most) return ok(number);
  return fail(`${path}: found ${JSON.stringify(found)?.slice(0, 60) ?? 'nothing'}, allowed is a number from -${most} to ${most}`);
}
