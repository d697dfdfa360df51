import { clairvoyant, planClairvoyant } from '../clairvoyant.ts';
import { hindsight } from '../hindsight.ts';
import type { Parameters, Peer } from '../peers/peer.ts';
import { makePeer, peerOf, peers } from '../peers/registry.ts';
import type { SimulationOptions } from '../run-simulation.ts';
import type { Scaler, Scenario } from '../scaler.ts';
import { sluiceScaler } from '../sluice-scaler.ts';
import { staticMean, staticPeak } from '../static-scaler.ts';
import { demandOf } from '../workload.ts';
import { ablated, ablations, sluiceAsPeer } from './sluice-variants.ts';

/** A simulation, but for the scaler. */
export type Setting = Omit<SimulationOptions, 'scaler' | 'onProgress'>;

/** Bounds, not peers: they form no pairs. */
const references: Readonly<Record<string, { readonly about: string; readonly make: (setting: Setting) => Scaler }>> = {
  clairvoyant: {
    about: 'knows the whole trace: the fewest task-hours with at most 1 % late',
    make: (setting) => clairvoyant(planClairvoyant(setting)),
  },
  hindsight: {
    about: 'sees the load the second it changes, its headroom and hold chosen afterwards for this workload: what reacting could come to',
    make: (setting) => hindsight(setting),
  },
  'static-mean': {
    about: 'as many tasks as the mean load takes, always',
    make: ({ workload, concurrency }) => staticMean(workload, concurrency),
  },
  'static-peak': {
    about: 'as many tasks as the busiest moment takes, always',
    make: ({ workload, concurrency, sloMs }) => staticPeak(demandOf(workload, concurrency, sloMs)),
  },
};

/** Peers that a comparison runs where none are named. KEDA with a queueLength that nobody set stands apart. */
export const usualPeers: readonly string[] = peers.map(({ id }) => id).filter((id) => id !== 'keda-hpa-5');

/** Scalers that a comparison runs where none are named. */
export const usualScalers: readonly string[] = ['sluice', 'clairvoyant', 'static-mean', 'static-peak', ...usualPeers];

/** Every id there is. */
export const allScalers: readonly string[] = [
  ...['sluice', ...Object.keys(references)],
  ...peers.map(({ id }) => id),
  ...Object.keys(ablations),
];

export const isPeer = (id: string): boolean => peerOf(id) !== undefined;

/** What a scaler is, in a few words. */
export const aboutScaler = (id: string): string => tunableOf(id)?.about ?? references[id]?.about ?? ablations[id]?.about ?? '';

/** A scaler with parameters that a tuned league may change: Sluice and its peers. */
export const tunableOf = (id: string): Peer | undefined => (id === 'sluice' ? sluiceAsPeer : peerOf(id));

/**
 * A way to make the scaler of that id for one run.
 * @param parameters of the tuned league; absent: the defaults.
 */
export function scalerFor(id: string, setting: Setting, parameters?: Parameters): (scenario: Scenario) => Scaler {
  if (id === 'sluice') return (scenario) => (parameters ? sluiceAsPeer.make(scenario, parameters) : sluiceScaler(scenario));
  const peer = peerOf(id);
  if (peer) return (scenario) => makePeer(peer, scenario, parameters);
  const ablation = ablations[id];
  if (ablation) return (scenario) => ablated(id, ablation, scenario);
  const reference = references[id];
  if (reference === undefined) throw new Error(`There is no scaler "${id}". There are: ${allScalers.join(', ')}.`);
  return () => reference.make(setting);
}
