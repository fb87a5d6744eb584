import { describe, expect, test } from 'vitest';
import { roomArrows, roomOf } from './room-arrows.ts';

describe('the arrows between rooms', () => {
  test.each([
    ['src/node/cpo/run-effect.ts', 'src/node/cpo'],
    ['src/node/node.ts', 'src/node'],
    ['src/domain/profile/compose.ts', 'src/domain'],
    ['console/src/data/chart.ts', 'console'],
    ['sim/clock.ts', 'sim'],
    ['src/domain/units.test.ts', undefined],
    ['node_modules/ws/index.js', undefined],
  ])('%s belongs to %s', (file, room) => {
    expect(roomOf(file)).toBe(room);
  });

  test('each room is named once, with the rooms that its files import', () => {
    const imports = (source: string, ...files: string[]) => ({ source, dependencies: files.map((resolved) => ({ resolved })) });
    expect(
      roomArrows([
        imports('src/node/cpo/a.ts', 'src/node/core/b.ts', 'src/domain/c.ts', 'src/node/cpo/d.ts', 'node_modules/ws/index.js'),
        imports('src/node/cpo/d.ts', 'src/domain/c.ts'),
        imports('src/domain/c.ts'),
        imports('src/domain/c.test.ts', 'sim/clock.ts'),
      ]),
    ).toEqual([
      ['src/domain', []],
      ['src/node/cpo', ['src/domain', 'src/node/core']],
    ]);
  });
});
