import { randomUUID } from 'node:crypto';
import type { Clock } from '../../domain/clock.ts';

/**
 * Creates UUIDs of version 7 (RFC 9562 §5.7): 48 bits of time in ms, then 74 random bits. Rows of the same time are neighbours in every index
 * over such ids, so a commit writes few pages. They are names, not secrets: secrets come from `newSecret`.
 */
export function createOrderedIds(clock: Pick<Clock, 'now'>): () => string {
  return () => {
    const time = clock.now().toString(16).padStart(12, '0');
    return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`;
  };
}
