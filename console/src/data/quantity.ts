import { locale, text } from '../text/text.ts';
/** A power with its unit: 480 W, 7.36 kW, 49.7 kW. */
export function powerText(watts: number): string {
  return Math.abs(watts) < 1000 ? `${numberText(watts, 0)} W` : `${numberText(watts / 1000, Math.abs(watts) < 10_000 ? 2 : 1)} kW`;
}
/** A current with its unit: 8 A, 12.5 A. */
export const currentText = (amperes: number): string => `${numberText(amperes, 1)} A`;
/** An energy with its unit: 3.20 kWh. */
export const energyText = (kwh: number): string => `${fixedText(kwh, 2)} kWh`;
/** A limit in its own unit: A (per phase on AC), or W of all phases together. */
export const limitText = (value: number, unit: 'A' | 'W'): string => (unit === 'A' ? currentText(value) : powerText(value));

/** A number in the reader's language with at most so many decimals. */
export const numberText = (value: number, decimals: number): string => format(value, 0, decimals);
/** A number in the reader's language with exactly so many decimals. */
export const fixedText = (value: number, decimals: number): string => format(value, decimals, decimals);

/** Names as a list in the reader's language: A, B and C. */
export const listText = (names: readonly string[]): string => new Intl.ListFormat(locale()).format(names);

const formats = new Map<string, Intl.NumberFormat>();
function format(value: number, minimumFractionDigits: number, maximumFractionDigits: number): string {
  const key = `${locale()} ${minimumFractionDigits} ${maximumFractionDigits}`;
  const found = formats.get(key) ?? new Intl.NumberFormat(locale(), { minimumFractionDigits, maximumFractionDigits });
  formats.set(key, found);
  return found.format(value === 0 ? 0 : value);
}

/** What an EVSE can carry. `phases` and `volts` convert A into W. */
export interface EvseRating {
  phases: number;
  volts: number;
  amperes?: number;
  watts?: number;
  /** Direct current: a limit in A is not per phase. */
  dc?: boolean;
}
/** The unit of a limit in A: per phase on AC, plain A on DC and where the EVSE is not known. */
export const amperesUnit = (rating: EvseRating | undefined): string => (rating && !rating.dc ? text().profile.amperesPerPhase : 'A');
/** Number of phases of a connector, by its PowerType (OCPI 2.2.1 §8.4.19). */
export const phasesOf = (powerType: string): number => (powerType === 'AC_3_PHASE' ? 3 : powerType.startsWith('AC_2_PHASE') ? 2 : 1);
/** W of all phases together for A per phase. */
export const wattsOf = (amperes: number, rating: EvseRating): number => amperes * rating.volts * rating.phases;
/** A per phase for W of all phases together. */
export const amperesOf = (watts: number, rating: EvseRating): number => watts / (rating.volts * rating.phases);
