import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Random } from '../../sim/index.ts';

/** One message about a transaction that arrived at the CSMS. */
export interface Delivery {
  station: string;
  /** The number of the connection on which it came. */
  connection: number;
  mark: string;
  /** The transaction id that it names; OCPP 1.6: of a start, the id that the CSMS gave. */
  transactionId: string;
}

/** A CSMS by the standard alone, which records transactions and fails at random. */
export interface RecordingCsms extends AsyncDisposable {
  /** Where stations are served: `{id}` stands for the id. */
  url: string;
  deliveries: Delivery[];
  /** Frames that no CSMS should get. */
  errors: string[];
  /** Faults happen until then. */
  behave(): void;
  /** Drops the connection of one station, or stops reading from it for some time. */
  disturb(station: string): void;
  /** Is away for some time: all connections are dropped and new ones refused. */
  leave(milliseconds: number): Promise<void>;
  /** Sends a call to a station; false when it is not connected. */
  call(station: string, action: string, payload: object): boolean;
}

/** Opens the CSMS on a free port. */
export async function openRecordingCsms(random: Random): Promise<RecordingCsms> {
  const deliveries: Delivery[] = [];
  const errors: string[] = [];
  const current = new Map<string, WebSocket>();
  let [connections, given, isAway, isFaulty] = [0, 0, false, true];
  const server = new WebSocketServer({
    port: 0,
    host: '127.0.0.1',
    handleProtocols: (offered) => [...offered][0] ?? false,
    verifyClient: (_info, done) => done(!isAway, 503),
  });
  await once(server, 'listening');
  server.on('connection', (socket, request) => {
    const station = request.url?.split('/').at(-1) ?? '';
    const connection = ++connections;
    const asked = new Set<string>();
    current.set(station, socket);
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => receive(JSON.parse(String(data))));

    function receive([type, id, action, payload]: [number, string, string, Record<string, never>]): void {
      if (type !== 2) return void (/^csms-/.test(id) || errors.push(`an answer to ${id}, which the CSMS did not ask`));
      if (asked.has(id)) errors.push(`the message id ${id} twice on one connection`);
      asked.add(id);
      const fault = isFaulty ? random.next() : 1;
      if (fault < 0.04) return socket.terminate();
      const answer = answerTo(action, payload);
      if (fault < 0.08) return socket.terminate();
      const send = () => socket.send(JSON.stringify([3, id, answer]));
      if (fault < 0.2) setTimeout(send, random.integer(1, 200));
      else send();
      if (fault > 0.96 && fault < 1) socket.terminate();
    }

    function answerTo(action: string, payload: Record<string, never>): object {
      const note = (mark: unknown, transactionId: unknown) =>
        deliveries.push({ station, connection, mark: String(mark), transactionId: String(transactionId) });
      switch (action) {
        case 'BootNotification':
          return { status: 'Accepted', currentTime: new Date().toISOString(), interval: 300 };
        case 'Heartbeat':
          return { currentTime: new Date().toISOString() };
        case 'StartTransaction':
          note(payload.meterStart, ++given);
          return { transactionId: given, idTagInfo: { status: 'Accepted' } };
        case 'MeterValues':
          note(Object(payload).meterValue[0].sampledValue[0].value, payload.transactionId);
          return {};
        case 'StopTransaction':
          note(payload.meterStop, payload.transactionId);
          return {};
        case 'TransactionEvent':
          note(payload.seqNo, Object(payload.transactionInfo).transactionId);
          return {};
        default:
          return {};
      }
    }
  });
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/csms/{id}`,
    deliveries,
    errors,
    behave: () => {
      isFaulty = false;
    },
    disturb: (station) => {
      const socket = current.get(station);
      if (random.next() < 0.5) socket?.terminate();
      else {
        socket?.pause();
        setTimeout(() => socket?.resume(), random.integer(50, 1_000));
      }
    },
    leave: async (milliseconds) => {
      isAway = true;
      for (const socket of server.clients) socket.terminate();
      await new Promise((then) => setTimeout(then, milliseconds));
      isAway = false;
    },
    call: (station, action, payload) => {
      const socket = current.get(station);
      if (socket?.readyState !== 1) return false;
      socket.send(JSON.stringify([2, `csms-${++given}`, action, payload]));
      return true;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of server.clients) socket.terminate();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}
