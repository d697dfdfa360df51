import { readFile } from 'node:fs/promises';

/**
 * An esbuild plugin that leaves out of a function's bundle what of the AWS SDK no call of ours ever runs, and that
 * esbuild cannot see to be unused. Bundles are tested under Lambda's own runtime client and against real wire protocols.
 */
export const leanSdk = {
  name: 'lean-sdk',
  setup(build) {
    for (const [module, contents] of Object.entries(standIns)) {
      build.onResolve({ filter: new RegExp(`^${module}$`) }, () => ({ path: module, namespace: 'lean-sdk', sideEffects: false }));
      build.onLoad({ filter: new RegExp(`^${module}$`), namespace: 'lean-sdk' }, () => ({ contents, loader: 'js' }));
    }
    // The user agent wants a client's version; the rest of its package.json, scripts and all, would come along.
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/]client-[a-z-]+[\\/]package\.json$/ }, async ({ path }) => {
      const { version } = JSON.parse(await readFile(path, 'utf8'));
      return { contents: JSON.stringify({ version }), loader: 'json' };
    });
    // Every Region by name, with where it is. A partition is told by the pattern of its Regions' names, so those that fit it need no entry.
    build.onLoad({ filter: /[\\/]util-endpoints[\\/]lib[\\/]aws[\\/]partitions\.js$/ }, async ({ path }) => ({
      contents: withoutRegionsOfPattern(await readFile(path, 'utf8')),
      loader: 'js',
    }));
    // Retries that slow down by themselves: clients here say "standard", which is the default, too.
    build.onLoad({ filter: /[\\/]util-retry[\\/]AdaptiveRetryStrategy\.js$/ }, () => ({
      contents: `export class AdaptiveRetryStrategy { constructor() { throw new Error('adaptive retries were left out of this bundle: see build/lean-sdk.js'); } }`,
      loader: 'js',
    }));
    // Names of buckets, which S3's parameters alone have.
    build.onLoad({ filter: /[\\/]service-customizations[\\/]s3\.js$/ }, () => ({
      contents: `
        export const [DOT_PATTERN, S3_HOSTNAME_PATTERN, isArnBucketName, isDnsCompatibleBucketName] = [];
        export const resolveParamsForS3 = async (parameters) => parameters;`,
      loader: 'js',
    }));
    // The Region as a virtual machine would ask for it: a function is told its own.
    build.onLoad({ filter: /[\\/]regionConfig[\\/]getInstanceMetadataRegion\.js$/ }, () => ({
      contents: 'export const getInstanceMetadataRegion = async () => undefined;',
      loader: 'js',
    }));
    // SHA-256 in plain JavaScript, for a Node that was built without its own; Lambda's was not.
    build.onLoad({ filter: /[\\/]checksum[\\/]sha256[\\/]Sha256Js\.js$/ }, () => ({
      contents: `export class Sha256Js { constructor() { throw new Error('node:crypto knows no sha256, and its stand-in was left out of this bundle: see build/lean-sdk.js'); } }`,
      loader: 'js',
    }));
    build.onLoad({ filter: /[\\/]@aws-sdk[\\/]client-[a-z-]+[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, async ({ path }) => ({
      contents: withoutNamedErrors(withPlainKeys(await readFile(path, 'utf8')), path),
      loader: 'js',
    }));
  },
};

const standIns = {
  // Streaming operations alone need it, such as Transcribe's; nothing here streams.
  '@smithy/core/event-streams': `
    export const eventStreamSerdeProvider = () => ({});
    export const resolveEventStreamSerdeConfig = (config) => config;
    export class EventStreamSerde {
      constructor() {
        throw new Error('event streams were left out of this bundle: see build/lean-sdk.js');
      }
    }`,
  // The trace of an invocation where several run in one process at once, as on managed instances. Here one does, whose trace is in
  // the environment, where the SDK looks as well.
  '@aws/lambda-invoke-store': `
    export const InvokeStore = { getInstanceAsync: async () => undefined };`,
  // Asking DynamoDB for its endpoints: the client reads the settings for it, and no command of it does so.
  '@aws-sdk/middleware-endpoint-discovery': `
    export const NODE_ENDPOINT_DISCOVERY_CONFIG_OPTIONS = { environmentVariableSelector() {}, configFileSelector() {} };
    export const resolveEndpointDiscoveryConfig = (config) => config;`,
};

/** `export const partitionsInfo = {…};`: JSON but for its first and last characters. */
function withoutRegionsOfPattern(source) {
  const [from, to] = [source.indexOf('{'), source.lastIndexOf('}') + 1];
  const { partitions, ...rest } = JSON.parse(source.slice(from, to));
  const lean = partitions.map((partition) => {
    const pattern = new RegExp(partition.regionRegex);
    const regions = Object.fromEntries(Object.entries(partition.regions).flatMap(([name]) => (pattern.test(name) ? [] : [[name, {}]])));
    return { ...partition, regions };
  });
  return `${source.slice(0, from)}${JSON.stringify({ ...rest, partitions: lean })}${source.slice(to)}`;
}

/**
 * A client's schemas name the keys of their traits by constants: { [_hQ]: _M }. A computed key might call anybody's
 * toString, so esbuild must keep every schema that has one, used or not. Written as plain strings they can be shaken.
 */
function withPlainKeys(source) {
  const constants = new Map([...source.matchAll(/^const (_\w+) = ("[^"\\\n]*");$/gm)].map(([, name, text]) => [name, text]));
  return source.replace(/\[(_\w+)\]:/g, (whole, name) => (constants.has(name) ? `${constants.get(name)}:` : whole));
}

/**
 * Each client brings a class for every error of every operation. Those of a JSON protocol are told apart here by name
 * alone (lib/aws/classify.ts), and without its class an error is the client's base exception with the same name and
 * message. STS is left as it is: in its XML the codes differ from the names. So do IAM's, but what the one call made of it
 * meets (AccessDenied, Throttling) is in no list of errors anyway.
 */
function withoutNamedErrors(source, path) {
  const toldByName = /client-(account|application-auto-scaling|cloudwatch|dynamodb|ecs|iam|lambda|sqs)[\\/]/;
  return toldByName.test(path) ? source.replace(/^n0_registry\.registerError\(.*\);$/gm, '') : source;
}
