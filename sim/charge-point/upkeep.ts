import { accept, type Fields, numberOf, type Reply, type StationControls, status, textOf } from './dialect.ts';

/** Accepts a firmware update, which succeeds at once; its notifications follow the answer. */
export function updateFirmware(answer: object, requestId: number | undefined, station: StationControls): Reply {
  const notify = (status: string) => station.send({ action: 'FirmwareStatusNotification', payload: () => numbered({ status }, requestId) });
  return accept(answer, () => ['Downloading', 'Downloaded', 'Installing', 'Installed'].forEach(notify));
}

/** Accepts the upload of a log or of diagnostics, which succeeds at once; its notifications follow the answer. */
export function uploadLog(answer: object, { action, requestId }: { action: string; requestId?: number | undefined }, station: StationControls): Reply {
  const notify = (status: string) => station.send({ action, payload: () => numbered({ status }, requestId) });
  return accept(answer, () => ['Uploading', 'Uploaded'].forEach(notify));
}

const numbered = (payload: object, requestId: number | undefined) => (requestId === undefined ? payload : { ...payload, requestId });

/** Takes the version of a local list; the station asks the node for every token all the same. */
export function sendLocalList(payload: Fields, station: StationControls): Reply {
  station.setLocalListVersion(numberOf(payload.listVersion) ?? numberOf(payload.versionNumber) ?? 0);
  return status('Accepted');
}

/** Reserves an EVSE, or any EVSE, for a token; Occupied when none is free. */
export function reserve(reservation: { id: unknown; evseId: unknown; uid: unknown }, station: StationControls): Reply {
  const evseId = numberOf(reservation.evseId) || undefined;
  const isReserved = station.reserve({ id: numberOf(reservation.id) ?? 0, evseId, uid: textOf(reservation.uid) ?? '' });
  return status(isReserved ? 'Accepted' : 'Occupied');
}

/** Ends a reservation; Rejected when there is none with this id. */
export const cancelReservation = (payload: Fields, station: StationControls): Reply =>
  status(station.cancelReservation(numberOf(payload.reservationId) ?? -1) ? 'Accepted' : 'Rejected');
