import type { WebSocket } from 'ws';
import type { Limits } from '../limits.ts';
import { asBuffer, closeAlike } from './csms-link.ts';

/** Passes everything between a station and its CSMS, without understanding it: for stations and versions that the node does not know. */
export function pipe(station: WebSocket, csms: WebSocket, { unsentBytes }: Pick<Limits, 'unsentBytes'>): void {
  for (const [from, to] of [
    [station, csms],
    [csms, station],
  ] as const) {
    from.on('message', (data, isBinary) => {
      if (to.bufferedAmount > unsentBytes) to.terminate();
      else to.send(asBuffer(data), { binary: isBinary });
    });
    from.on('ping', (data) => to.readyState === to.OPEN && to.ping(data));
    from.on('pong', (data) => to.readyState === to.OPEN && to.pong(data));
    from.on('error', () => from.terminate());
    from.on('close', (code, reason) => closeAlike(to, code, reason));
  }
  if (csms.readyState !== csms.OPEN) closeAlike(station, 1006, Buffer.alloc(0));
  else csms.resume();
}
