import { createServer } from 'node:http';
import { WebSocket, WebSocketServer } from 'ws';
import { serveCalls, usage } from '../child-program.ts';
import { listenOnLoopback } from '../loopback.ts';

/** Frames that a station sends before the socket to the CSMS is open. */
function pipe(station: WebSocket, csms: WebSocket): void {
  const early: string[] = [];
  csms.on('open', () => early.splice(0).forEach((text) => void csms.send(text)));
  station.on('message', (data) => {
    const text = data.toString();
    if (csms.readyState === WebSocket.OPEN) csms.send(text);
    else early.push(text);
  });
  csms.on('message', (data) => station.send(data.toString()));
  for (const [one, other] of [
    [station, csms],
    [csms, station],
  ] as const) {
    one.on('error', () => undefined); // `close` follows
    one.on('close', () => other.terminate());
  }
}

async function open({ upstream }: { upstream: string }): Promise<{ url: string }> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (station, request) => pipe(station, new WebSocket(upstream + request.url, station.protocol, { perMessageDeflate: false })));
  return { url: `ws://127.0.0.1:${await listenOnLoopback(server)}` };
}

/** The baseline of a gateway: two WebSockets for each station, and each text goes from one to the other. It knows nothing of OCPP. */
export const handlers = { open, usage };
serveCalls(handlers);
