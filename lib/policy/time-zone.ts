import { nearestWord } from './nearest-word.ts';

/** Area/Location of the IANA database, or UTC. Abbreviations and offsets do not follow summer time. */
export const zonePattern = /^(UTC|[A-Za-z_]+(\/[A-Za-z0-9_+-]+)+)$/;

let zones: readonly string[] | undefined;

/** Undefined where the zone is known, or else what would be right. */
export function wrongTimeZone(text: string): string | undefined {
  if (zonePattern.test(text) && isKnown(text)) return undefined;
  zones ??= Intl.supportedValuesOf('timeZone');
  const place = (zone: string) => zone.slice(zone.lastIndexOf('/') + 1);
  const nearPlace = nearestWord(place(text), zones.map(place));
  const near = nearestWord(text, zones) ?? zones.find((zone) => place(zone) === nearPlace);
  return `"${text.slice(0, 40)}" is no time zone of the IANA database${near === undefined ? ', such as America/New_York, Europe/Berlin or UTC' : `: did you mean ${near}?`}`;
}

function isKnown(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
