/**
 * `Intl.DateTimeFormat.formatToParts` of the platform, remembered: the same instants of the same zones are asked for at every
 * evaluation, in every environment of every seed, and a format's answer depends on nothing else.
 */
export function rememberParts(): void {
  const formatToParts = Intl.DateTimeFormat.prototype.formatToParts;
  const known = new WeakMap<Intl.DateTimeFormat, Map<number, Intl.DateTimeFormatPart[]>>();
  Intl.DateTimeFormat.prototype.formatToParts = function (this: Intl.DateTimeFormat, at?: Date | number) {
    if (typeof at !== 'number') return formatToParts.call(this, at);
    let ofThis = known.get(this);
    if (ofThis === undefined || ofThis.size > 50_000) {
      ofThis = new Map();
      known.set(this, ofThis);
    }
    const parts = ofThis.get(at) ?? formatToParts.call(this, at);
    ofThis.set(at, parts);
    return parts;
  };
}
