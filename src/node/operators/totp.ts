import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { EpochSeconds } from '../../domain/units.ts';

/** Seconds per code and digits of a code (RFC 6238 §4); authenticator apps support only these. */
const STEP_S = 30;
const DIGITS = 6;
/** Codes of the step before and after are valid as well, because clocks differ (RFC 6238 §5.2). */
const DRIFT = [0, -1, 1];

/** The code of a step (RFC 4226 §5.3). Only the test vectors of the RFC use other `digits` and `algorithm`. */
export function codeAt(secret: Buffer, step: number, { digits = DIGITS, algorithm = 'sha1' } = {}): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(algorithm, secret).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  const number = mac.readUInt32BE(offset) & 0x7f_ff_ff_ff;
  return String(number % 10 ** digits).padStart(digits, '0');
}

/** The number of 30-second steps since the Unix epoch. */
export const stepAt = (now: EpochSeconds): number => Math.floor(now / STEP_S);

/** The step of a code that is valid now, or undefined. All valid codes are compared, so that the duration tells nothing. */
export function stepOf(code: string, secret: Buffer, now: EpochSeconds): number | undefined {
  if (!/^\d{6}$/.test(code)) return undefined;
  const steps = DRIFT.map((drift) => stepAt(now) + drift);
  return steps.filter((step) => timingSafeEqual(Buffer.from(codeAt(secret, step)), Buffer.from(code)))[0];
}

/** A new secret: 160 random bits, as RFC 4226 §4 recommends. */
export const newTotpSecret = (): Buffer => randomBytes(20);

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
/** Base32 (RFC 4648 §6) without padding, as authenticator apps read it. */
export function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((five) => BASE32[Number.parseInt(five.padEnd(5, '0'), 2)]).join('');
}

/** The key URI for an authenticator app, usually shown as a QR code. */
export const otpauthUri = (name: string, secret: Buffer): string =>
  `otpauth://totp/Evenkeel:${encodeURIComponent(name)}?secret=${base32(secret)}&issuer=Evenkeel&algorithm=SHA1&digits=${DIGITS}&period=${STEP_S}`;
