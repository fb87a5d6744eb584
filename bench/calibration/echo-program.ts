import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { serveCalls } from '../child-program.ts';

async function open(): Promise<{ port: number }> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 2 }).end('{}'));
  });
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => socket.on('message', (data) => socket.send(data.toString())));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  return { port: typeof address === 'object' && address !== null ? address.port : 0 };
}

/** What the echo of the calibration is asked. */
export const handlers = { open };
serveCalls(handlers);
