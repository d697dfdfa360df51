/**
 * Seeded randomness for simulations. Each use (arrivals, start-up, victims) draws from a stream of its own, named, so that
 * two scalers under the same seed meet the same arrivals whatever they decide: common random numbers.
 */
export interface RandomStream {
  /** Uniform in (0, 1). */
  uniform(): number;
  /** Standard normal, by one uniform. */
  normal(): number;
  /** Exponential with the given mean. */
  exponential(mean: number): number;
  /** Poisson count with the given mean, by one uniform. */
  poisson(mean: number): number;
}

/** Above this mean a Poisson count is drawn by its normal approximation with the skewness corrected. */
const NORMAL_FROM = 30;

/** @param seed any whole number; the same seed and name give the same numbers. */
export function randomStream(seed: number, name: string): RandomStream {
  const next = sfc32(seed, name);
  const uniform = () => (next() + 0.5) / 4_294_967_296;
  return {
    uniform,
    normal: () => normalQuantile(uniform()),
    exponential: (mean) => -mean * Math.log(uniform()),
    poisson: (mean) => poissonQuantile(uniform(), mean),
  };
}

/** Chris Doty-Humphrey's sfc32: 128 bits of state, passes PractRand. Whole numbers below 2^32. */
function sfc32(seed: number, name: string): () => number {
  // FNV-1a over the name and the seed tells streams apart.
  let hash = 0x811c9dc5;
  for (const char of `${seed}/${name}`) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
  let a = hash | 0;
  let b = seed | 0;
  let c = Math.floor(seed / 4_294_967_296) | 0;
  let counter = 1;
  const step = () => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    return sum >>> 0;
  };
  for (let i = 0; i < 20; i++) step();
  return step;
}

/** The inverse of the normal distribution by P. J. Acklam's rational approximation; relative error 1.2e-9. */
export function normalQuantile(p: number): number {
  if (p < 0.02425) return -tail(p);
  if (p > 1 - 0.02425) return tail(1 - p);
  const q = p - 0.5;
  const r = q * q;
  const above =
    (((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.357751867269) * r - 30.66479806614716) * r +
      2.506628277459239) *
    q;
  const below =
    ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r - 13.28068155288572) * r + 1;
  return above / below;
}

function tail(p: number): number {
  const q = Math.sqrt(-2 * Math.log(p));
  const above =
    ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968) * q +
    2.938163982698783;
  const below = (((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
  return -above / below;
}

/** The smallest count whose cumulated probability reaches p. */
function poissonQuantile(p: number, mean: number): number {
  if (!(mean > 0)) return 0;
  if (mean >= NORMAL_FROM) {
    const z = normalQuantile(p);
    // Cornish and Fisher's first correction.
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * z + (z * z - 1) / 6));
  }
  let probability = Math.exp(-mean);
  let cumulated = probability;
  let count = 0;
  while (p > cumulated && count < 200) {
    count++;
    probability *= mean / count;
    cumulated += probability;
  }
  return count;
}
