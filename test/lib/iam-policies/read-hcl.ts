/**
 * Reads as much of Terraform's language as lib/iam-policies writes: resource blocks, attributes, lists, objects, text in quotes,
 * jsonencode(…) and references. What is not understood is an error, so that nothing is passed over.
 */
export type Hcl = string | number | Hcl[] | { [key: string]: Hcl };

export interface Resource {
  readonly type: string;
  readonly label: string;
  readonly attributes: { readonly [key: string]: Hcl };
}

export function readHcl(text: string): Resource[] {
  const tokens = tokensOf(text);
  let at = 0;
  const next = () => tokens[at++] ?? fail('the end');
  const expect = (token: string) => {
    const got = next();
    if (got !== token) fail(`${token}; got ${got}`);
  };
  const key = () => {
    const token = next();
    return token.startsWith('"') ? quoted(token) : token;
  };
  const attributes = (): { [key: string]: Hcl } => {
    const read: { [key: string]: Hcl } = {};
    while (tokens[at] !== '}') {
      const name = key();
      if (Object.hasOwn(read, name)) fail(`${name} once`);
      expect('=');
      read[name] = value();
    }
    at++;
    return read;
  };
  const value = (): Hcl => {
    const token = next();
    if (token === '{') return attributes();
    if (token === '[') {
      const list: Hcl[] = [];
      while (tokens[at] !== ']') {
        list.push(value());
        if (tokens[at] !== ']') expect(',');
      }
      at++;
      return list;
    }
    if (token === 'jsonencode') {
      expect('(');
      const inner = value();
      expect(')');
      return inner;
    }
    if (token.startsWith('"')) return quoted(token);
    return /^\d+$/.test(token) ? Number(token) : token;
  };
  const resources: Resource[] = [];
  while (at < tokens.length) {
    expect('resource');
    const [type, label] = [quoted(next()), quoted(next())];
    expect('{');
    resources.push({ type, label, attributes: attributes() });
  }
  return resources;
}

function tokensOf(text: string): string[] {
  const form = /\s+|#[^\n]*|"(?:[^"\\]|\\.)*"|[{}[\](),=]|[A-Za-z_][\w.-]*|\d+/gy;
  const tokens: string[] = [];
  while (form.lastIndex < text.length) {
    const from = form.lastIndex;
    const token = form.exec(text)?.[0] ?? fail(`a token at ${JSON.stringify(text.slice(from, from + 30))}`);
    if (!/^[\s#]/.test(token)) tokens.push(token);
  }
  return tokens;
}

function quoted(token: string): string {
  const inner: unknown = JSON.parse(token);
  if (typeof inner !== 'string' || /(^|[^$])\$\{|(^|[^%])%\{/.test(inner)) return fail('text without templates');
  return inner.replace(/([$%])\1\{/g, '$1{');
}

function fail(needed: string): never {
  throw new Error(`needed ${needed}`);
}
