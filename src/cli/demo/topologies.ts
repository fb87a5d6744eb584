/** Who steers a session (OCPI 2.2.1 §14.1): the eMSP itself, an SCSP through the eMSP (`relay`), or an SCSP for the CPO. */
export const topologies = ['emsp', 'relay', 'cpo-scsp'] as const;
export type Topology = (typeof topologies)[number];
