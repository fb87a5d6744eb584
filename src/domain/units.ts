/** Numbers that carry their unit, so that amperes never pass as watts; only this file casts. */
declare const unit: unique symbol;
type In<U extends string> = number & { readonly [unit]: U };

export type Watts = In<'W'>;
export type Amperes = In<'A'>;
export type Volts = In<'V'>;
export type WattHours = In<'Wh'>;
/** A span of time in whole or broken seconds. */
export type Seconds = In<'s'>;
/** A moment: seconds since 1970-01-01T00:00:00Z. */
export type EpochSeconds = In<'epoch s'>;
/** A moment: milliseconds since 1970-01-01T00:00:00Z, as `Date.now()` gives it. */
export type EpochMillis = In<'epoch ms'>;
/** A moment: microseconds since 1970-01-01T00:00:00Z; exact until the year 2255. */
export type EpochMicros = In<'epoch µs'>;

export const watts = (n: number) => n as Watts;
export const amperes = (n: number) => n as Amperes;
export const volts = (n: number) => n as Volts;
export const wattHours = (n: number) => n as WattHours;
export const seconds = (n: number) => n as Seconds;
export const epochSeconds = (n: number) => n as EpochSeconds;
export const epochMillis = (n: number) => n as EpochMillis;
export const epochMicros = (n: number) => n as EpochMicros;

/** Two quantities of one unit together, without the noise of doubles: 8.1 and 0.2 are 8.3. */
export const sum = <Q extends number>(a: Q, b: Q) => Number((a + b).toPrecision(12)) as Q;

/** The whole second that a moment falls in. */
export const toSeconds = (at: EpochMillis) => epochSeconds(Math.floor(at / 1000));
export const later = (at: EpochMillis, span: Seconds) => epochMillis(at + span * 1000);
