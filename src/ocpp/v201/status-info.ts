/** A status and its optional OCPP 2.x StatusInfo as one text, for the log. */
export function statusText(status: string, info: { reasonCode: string; additionalInfo?: string } | undefined): string {
  if (!info) return status;
  return [status, info.reasonCode, info.additionalInfo].filter((part) => part !== undefined && part !== '').join(': ');
}
