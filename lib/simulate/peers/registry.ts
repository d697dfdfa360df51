import type { Scaler, Scenario } from '../scaler.ts';
import { aasBacklog } from './aas-backlog.ts';
import { aasCpu20, aasCpu20Io, aasCpu60, aasCpu60Io } from './aas-cpu.ts';
import { buildkite } from './buildkite.ts';
import { cdkQueueSteps } from './cdk-queue-steps.ts';
import { judoscaleLike } from './judoscale-like.ts';
import { kedaHpa, kedaHpa5 } from './keda-hpa.ts';
import { knative } from './knative.ts';
import { nomad } from './nomad.ts';
import type { Parameters, Peer } from './peer.ts';

/** All peers, in the order in which tables show them. */
export const peers: readonly Peer[] = [
  aasCpu60,
  aasCpu20,
  aasCpu60Io,
  aasCpu20Io,
  aasBacklog,
  cdkQueueSteps,
  kedaHpa,
  kedaHpa5,
  knative,
  nomad,
  buildkite,
  judoscaleLike,
];

const byId = new Map(peers.map((peer) => [peer.id, peer]));

/** The peer of that id; undefined for anything else. */
export const peerOf = (id: string): Peer | undefined => byId.get(id);

/** A new scaler of a peer under its documented parameters, or under those given. */
export const makePeer = (peer: Peer, scenario: Scenario, parameters?: Parameters): Scaler =>
  peer.make(scenario, parameters ?? peer.parameters(scenario));
