import type { Dialect } from './dialect.ts';
import { v16 } from './v16/dialect.ts';
import { v21 } from './v21/dialect.ts';
import { v201 } from './v201/dialect.ts';

/** All supported OCPP versions, newest first. */
export const dialects: readonly Dialect[] = [v21, v201, v16];

/** The newest supported version among those offered in `Sec-WebSocket-Protocol`; undefined when there is none. */
export function negotiate(offered: string | undefined): Dialect | undefined {
  const names = (offered ?? '').split(',').map((name) => name.trim());
  return dialects.find(({ subprotocol }) => names.includes(subprotocol));
}
