import type { RateUnit } from './profile/charging-profile.ts';

/** A value with its unit: 8 A, 480 W, 7.36 kW. */
export const printQuantity = (value: number, unit: RateUnit): string =>
  unit === 'W' && Math.abs(value) >= 1_000 ? `${Number((value / 1_000).toFixed(2))} kW` : `${Number(value.toFixed(1))} ${unit}`;
