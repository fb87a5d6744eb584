/** Branded numbers, so that amperes are never passed as watts. Only this file casts to them. */
declare const unit: unique symbol;
type In<U extends string> = number & { readonly [unit]: U };

/** Power in watts. */
export type Watts = In<'W'>;
/** Current in amperes. */
export type Amperes = In<'A'>;
/** Voltage in volts. */
export type Volts = In<'V'>;
/** Energy in watt-hours. */
export type WattHours = In<'Wh'>;
/** A duration in seconds, with or without a fraction. */
export type Seconds = In<'s'>;
/** A moment: seconds since 1970-01-01T00:00:00Z. */
export type EpochSeconds = In<'epoch s'>;
/** A moment: milliseconds since 1970-01-01T00:00:00Z, as `Date.now()` gives it. */
export type EpochMillis = In<'epoch ms'>;
/** A moment: microseconds since 1970-01-01T00:00:00Z; exact until the year 2255. */
export type EpochMicros = In<'epoch µs'>;

/** A number as Watts, unchanged. */
export const watts = (n: number) => n as Watts;
/** A number as Amperes, unchanged. */
export const amperes = (n: number) => n as Amperes;
/** A number as Volts, unchanged. */
export const volts = (n: number) => n as Volts;
/** A number as WattHours, unchanged. */
export const wattHours = (n: number) => n as WattHours;
/** A number as Seconds, unchanged. */
export const seconds = (n: number) => n as Seconds;
/** A number as EpochSeconds, unchanged. */
export const epochSeconds = (n: number) => n as EpochSeconds;
/** A number as EpochMillis, unchanged. */
export const epochMillis = (n: number) => n as EpochMillis;
/** A number as EpochMicros, unchanged. */
export const epochMicros = (n: number) => n as EpochMicros;

/** The sum of two quantities of one unit, rounded to 12 digits against floating-point error: 8.1 and 0.2 are 8.3. */
export const sum = <Q extends number>(a: Q, b: Q) => Number((a + b).toPrecision(12)) as Q;

/** A moment in whole seconds, rounded down. */
export const toSeconds = (at: EpochMillis) => epochSeconds(Math.floor(at / 1000));
/** The moment that is `span` after another. */
export const later = (at: EpochMillis, span: Seconds) => epochMillis(at + span * 1000);
