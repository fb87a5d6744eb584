import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';
import { serveCalls } from '../child-program.ts';
import { listenOnLoopback } from '../loopback.ts';

async function open(): Promise<{ port: number }> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 2 }).end('{}'));
  });
  new WebSocketServer({ server, perMessageDeflate: false }).on('connection', (socket) => socket.on('message', (data) => socket.send(data.toString())));
  return { port: await listenOnLoopback(server) };
}

/** A server that answers `{}` to every HTTP request and sends every WebSocket message back. */
export const handlers = { open };
serveCalls(handlers);
