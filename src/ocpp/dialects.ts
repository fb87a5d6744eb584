import type { Dialect } from './dialect.ts';
import { v16 } from './v16/dialect.ts';
import { v21 } from './v21/dialect.ts';
import { v201 } from './v201/dialect.ts';

/** All supported OCPP versions, newest first. */
export const dialects: readonly Dialect[] = [v21, v201, v16];

/** Names without capitals and dots, and without the J for JSON: `OCPP1.6J` is `ocpp16`. */
const foldName = (name: string) =>
  name
    .toLowerCase()
    .replaceAll(/[\s._-]/g, '')
    .replace(/j$/, '');

/** The newest supported version among those offered in `Sec-WebSocket-Protocol`, and its name as it was offered; undefined when there is none. */
export function negotiate(offered: string | undefined): { dialect: Dialect; protocol: string } | undefined {
  const names = (offered ?? '').split(',').map((name) => name.trim());
  for (const dialect of dialects) {
    const { subprotocol } = dialect;
    const protocol = names.find((it) => it === subprotocol) ?? names.find((it) => foldName(it) === foldName(subprotocol));
    if (protocol !== undefined) return { dialect, protocol };
  }
  return undefined;
}
