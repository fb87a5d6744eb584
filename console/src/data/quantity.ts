/** Power for people: 480 W, 7.36 kW, 49.7 kW. */
export function powerText(watts: number): string {
  return Math.abs(watts) < 1000 ? `${Math.round(watts)} W` : `${trim(watts / 1000, Math.abs(watts) < 10_000 ? 2 : 1)} kW`;
}
/** Current for people: 8 A, 12.5 A. */
export const currentText = (amperes: number): string => `${trim(amperes, 1)} A`;
export const energyText = (kwh: number): string => `${kwh.toFixed(2)} kWh`;
/** A limit in its own unit: A is per phase, W is of all phases together. */
export const limitText = (value: number, unit: 'A' | 'W'): string => (unit === 'A' ? currentText(value) : powerText(value));

const trim = (value: number, digits: number) => String(Number(value.toFixed(digits)));

/** What an outlet can carry; phases and volts make W of A. */
export interface EvseRating {
  phases: number;
  volts: number;
  amperes?: number;
  watts?: number;
}
/** How many phases a connector has, by its PowerType (OCPI 2.2.1 §8.4.19). */
export const phasesOf = (powerType: string): number => (powerType === 'AC_3_PHASE' ? 3 : powerType.startsWith('AC_2_PHASE') ? 2 : 1);
/** W of all phases together for A per phase. */
export const wattsOf = (amperes: number, outlet: EvseRating): number => amperes * outlet.volts * outlet.phases;
export const amperesOf = (watts: number, outlet: EvseRating): number => watts / (outlet.volts * outlet.phases);
