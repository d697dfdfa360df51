/** fast-check with the seed of the run (test/seed-of-run.ts): what a property draws is the same for everybody at a commit. */
import fc from 'fast-check';
import { seedOfRun } from '../seed-of-run.ts';

fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: seedOfRun() });

export default fc;
