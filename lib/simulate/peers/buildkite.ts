import { ceil, clamp, type Peer, parameter } from './peer.ts';
import { gaugeAt, inFlight } from './samples.ts';

const POLL_SECONDS = 10;

/** Agents' instances for the jobs that are scheduled and running. */
export const instancesFor = (jobs: number, agentsPerInstance: number): number => ceil(jobs / agentsPerInstance);

/**
 * buildkite-agent-scaler (scaler/scaling_calculator.go, scaler.go, template.yaml): each 10 s ⌈(scheduled + running) ÷ agents per
 * instance⌉, compared with what runs; cooldown 300 s out and 3600 s in, counted per direction and recovered from the group's history
 * after a restart; factor 1, no buffer. Scale-in is on, though the template leaves it off: on cost that would be unfair to it. The agents' availability check is left out: it speaks
 * only where fewer than half of the agents of running instances are connected.
 */
export const buildkite: Peer = {
  id: 'buildkite',
  about: 'buildkite-agent-scaler, waiting and running ÷ concurrency',
  parameters: ({ concurrency }) => ({ agentsPerInstance: concurrency, outCooldownSeconds: 300, inCooldownSeconds: 3_600 }),
  tunable: { agentsPerInstance: [0.4, 1.5], outCooldownSeconds: [0.1, 2], inCooldownSeconds: [0.02, 2] },
  make(scenario, parameters) {
    const agentsPerInstance = parameter(parameters, 'agentsPerInstance');
    const outCooldown = parameter(parameters, 'outCooldownSeconds');
    const inCooldown = parameter(parameters, 'inCooldownSeconds');
    let lastOut: number | undefined;
    let lastIn: number | undefined;
    return {
      id: 'buildkite',
      everySeconds: POLL_SECONDS,
      decide({ now, desired, running, history }) {
        const jobs = gaugeAt(history, now, inFlight);
        if (jobs === undefined) return undefined;
        const want = clamp(instancesFor(jobs, agentsPerInstance), scenario);
        const present = running === 0 ? desired : running;
        if (want > present) {
          // Those still starting are in the desired count already.
          if (want <= desired || (lastOut !== undefined && now - lastOut < outCooldown)) return undefined;
          lastOut = now;
          return want;
        }
        if (want < present) {
          if (want >= desired || (lastIn !== undefined && now - lastIn < inCooldown)) return undefined;
          lastIn = now;
          return want;
        }
        return undefined;
      },
    };
  },
};
