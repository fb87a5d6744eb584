/** A status with the reason that OCPP 2.x may give for it, as one text for the log. */
export function becauseOf(status: string, info: { reasonCode: string; additionalInfo?: string } | undefined): string {
  if (!info) return status;
  return [status, info.reasonCode, info.additionalInfo].filter((word) => word !== undefined && word !== '').join(': ');
}
