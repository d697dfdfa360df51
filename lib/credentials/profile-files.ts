/** The settings of one profile, names in lower case. */
export type Profile = Readonly<Record<string, string>>;

export interface ProfileFiles {
  readonly profiles: ReadonlyMap<string, Profile>;
  /** Files that are named by a variable and are not there, or cannot be read. */
  readonly unreadable: readonly { readonly variable: string; readonly path: string; readonly why: string }[];
  /** Where profiles were looked for, for messages. */
  readonly paths: readonly string[];
}

type Env = Readonly<Record<string, string | undefined>>;
/** Reads a text file; throws node's error where it cannot. */
export type ReadText = (path: string) => string;

const FILES = [
  { variable: 'AWS_CONFIG_FILE', usual: 'config', plain: false },
  { variable: 'AWS_SHARED_CREDENTIALS_FILE', usual: 'credentials', plain: true },
] as const;

/**
 * The profiles of the shared files, as every SDK reads them (https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html):
 * "[profile NAME]" in the config file, "[NAME]" in the credentials file, whose settings win. Only for telling what is wrong
 * with them: credentials themselves are had from the SDK.
 */
export function readProfileFiles(env: Env, readText: ReadText): ProfileFiles {
  const profiles = new Map<string, Record<string, string>>();
  const unreadable: { variable: string; path: string; why: string }[] = [];
  const paths: string[] = [];
  for (const { variable, usual, plain } of FILES) {
    const home = env['HOME'] ?? env['USERPROFILE'];
    const path = env[variable] || (home === undefined ? undefined : `${home}/.aws/${usual}`);
    if (path === undefined) continue;
    paths.push(path);
    try {
      for (const [name, settings] of parseProfiles(readText(path), plain)) profiles.set(name, { ...profiles.get(name), ...settings });
    } catch (error) {
      if (env[variable]) unreadable.push({ variable, path, why: error instanceof Error ? error.message : String(error) });
    }
  }
  return { profiles, unreadable, paths };
}

/** `plain`: sections are profiles under their bare names, as in the credentials file; in the config file only "default" is. */
export function parseProfiles(text: string, plain: boolean): Map<string, Record<string, string>> {
  const found = new Map<string, Record<string, string>>();
  let current: Record<string, string> | undefined;
  for (const line of text.split(/\r?\n/)) {
    const bare = line.replace(/(^|\s)[#;].*$/, '').trimEnd();
    const [, section] = /^\s*\[\s*([^\]]+?)\s*\]$/.exec(bare) ?? [];
    if (section !== undefined) {
      const [, named] = /^profile\s+["']?(.+?)["']?$/.exec(section) ?? [];
      const name = named ?? (plain || section === 'default' ? section : undefined);
      current = name === undefined ? undefined : (found.get(name) ?? {});
      if (name !== undefined && current !== undefined) found.set(name, current);
      continue;
    }
    // What is indented belongs to the setting above it (s3 = …), which is of no interest here.
    const [, key, value] = /^([\w-]+)\s*=\s*(.*)$/.exec(bare) ?? [];
    if (current !== undefined && key !== undefined && value !== undefined) current[key.toLowerCase()] = value.trim();
  }
  return found;
}
