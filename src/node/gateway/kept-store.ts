import type { StationId } from '../../domain/ids.ts';
import type { KeptMessage, KeptStore, Learnt } from '../../ocpp/gateway/kept-message.ts';
import type { Encryption } from '../../store/encryption.ts';
import {
  addKeptMessage,
  countKeptMessages,
  dropKeptMessage,
  dropOldKeptMessages,
  dropReplacedMessage,
  endProvisionalId,
  firstKeptMessage,
  lastKeptMessage,
  provisionalIds,
  type StoredKeptMessage,
  saveProvisionalId,
} from '../../store/sql/kept-message.ts';
import type { Write, WriteValue } from '../../store/store.ts';
import type { Context } from '../core/context.ts';

/** A text that the key of the node encrypts, because no driver owns it, begins with this mark. */
const OF_THE_NODE = 'node ';

/** A text with the token of a driver is encrypted with the driver's own key, so that it is unreadable after an erasure (SEC-46); any other one with the key of the node. */
const encrypted = (text: string, uid: string | undefined, encryption: Encryption): WriteValue =>
  uid === undefined ? `${OF_THE_NODE}${encryption.encrypt(text)}` : (vault) => vault.encrypt(vault.driverOf(uid), text);

const decrypted = (body: string, encryption: Encryption): string => (body.startsWith(OF_THE_NODE) ? encryption.decrypt(body.slice(OF_THE_NODE.length)) : body);

const learntWrites = (station: StationId, { id, ended }: Learnt): readonly Write[] => [
  ...(id ? [saveProvisionalId(station, id)] : []),
  ...(ended ? [endProvisionalId(station, ended.provisional, ended.at)] : []),
];

/** The kept messages of one station in the store of the node. */
export function keptStoreOf(station: StationId, { store, encryption }: Pick<Context, 'store' | 'encryption'>): KeptStore {
  const counted = async () => (await store.first(countKeptMessages(station))) ?? { count: 0, isBootKept: false };
  return {
    load: async () => ({
      ...(await counted()),
      ids: await store.all(provisionalIds(station)),
      last: read(await store.first(lastKeptMessage(station)), encryption),
    }),
    count: async () => (await counted()).count,
    add: async ({ key, provisional, text, uid, ...message }) => {
      const replacing = key === undefined ? [] : [dropReplacedMessage(station, key)];
      const written = await store.commit([
        ...replacing,
        addKeptMessage({ ...message, station, replaces: key, provisional, body: encrypted(text, uid, encryption) }),
        ...(provisional === undefined ? [] : [saveProvisionalId(station, { provisional, csms: undefined })]),
      ]);
      return key === undefined ? 0 : (written[0]?.changed ?? 0);
    },
    first: async () => read(await store.first(firstKeptMessage(station)), encryption),
    drop: async (seq, learnt = {}) => (await store.commit([dropKeptMessage(station, seq), ...learntWrites(station, learnt)]))[0]?.changed ?? 0,
    dropOlder: async (than) => (await store.commit([dropOldKeptMessages(station, than)]))[0]?.changed ?? 0,
    learn: async (learnt) => {
      await store.commit(learntWrites(station, learnt));
    },
  };
}

/** A stored message with its text. */
function read(found: StoredKeptMessage | undefined, encryption: Encryption): KeptMessage | undefined {
  if (!found) return undefined;
  const { body, replaces, provisional, ...message } = found;
  return {
    ...message,
    text: body === undefined ? undefined : decrypted(body, encryption),
    ...(replaces !== undefined && { key: replaces }),
    ...(provisional !== undefined && { provisional }),
  };
}
