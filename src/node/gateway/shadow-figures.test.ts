import { expect, test } from 'vitest';
import { epochMillis } from '../../domain/units.ts';
import { ShadowFigures } from './shadow-figures.ts';

const NOON = epochMillis(Date.UTC(2026, 0, 31, 12));
const station = { kind: 'station', name: 'CP1', site: 'garage' } as const;

test('GW-W03: figures are added up by day, and those that could not be stored are not lost', () => {
  const figures = new ShadowFigures();
  figures.count(station, 'set', NOON);
  figures.count(station, 'refused', NOON);
  figures.addLowered(station, { lowered: 3_600, seconds: 60 }, NOON);
  figures.addLowered(station, { lowered: 0, seconds: 60 }, NOON);
  figures.addSite({ kind: 'site', name: 'garage', site: 'garage' }, { amperes: 12, watts: 0, seconds: 60 }, NOON);
  figures.addSite({ kind: 'site', name: 'garage', site: 'garage' }, { amperes: 0.1, watts: 0, seconds: 60 }, NOON);
  const taken = figures.take();
  expect(figures.size).toBe(0);
  figures.count(station, 'set', NOON);
  figures.giveBack(taken);
  figures.count(station, 'set', epochMillis(NOON + 86_400_000));
  expect(figures.take()).toMatchObject([
    { day: NOON - 43_200_000, name: 'CP1', sets: 2, refused: 1, measuredS: 120, loweredMwh: 60_000, loweredPeakW: 3_600 },
    { name: 'garage', measuredS: 120, aboveS: 60, abovePeakMa: 12_000 },
    { day: NOON + 43_200_000, name: 'CP1', sets: 1 },
  ]);
});
