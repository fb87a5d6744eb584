/** The three ways to be steered (OCPI 2.2.1 §14.1): by the eMSP itself, by an SCSP through the eMSP, by an SCSP for the CPO. */
export const topologies = ['emsp', 'relay', 'cpo-scsp'] as const;
export type Topology = (typeof topologies)[number];
