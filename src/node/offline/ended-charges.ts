export const endedCharges = async (_: unknown): Promise<any[]> => [];
