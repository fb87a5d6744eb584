import type { Dialect } from './dialect.ts';
import { v16 } from './v16/dialect.ts';
import { v21 } from './v21/dialect.ts';
import { v201 } from './v201/dialect.ts';

/** Every version that is spoken, the newest first. */
export const dialects: readonly Dialect[] = [v21, v201, v16];

/** The newest version that a station offers in `Sec-WebSocket-Protocol` and we speak; undefined: none. */
export function negotiate(offered: string | undefined): Dialect | undefined {
  const names = (offered ?? '').split(',').map((name) => name.trim());
  return dialects.find(({ subprotocol }) => names.includes(subprotocol));
}
