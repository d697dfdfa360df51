import { isLoopback } from '../local/aws-endpoints.ts';

/** The whole report URL where the admin API's own origin takes reports, as in a local run; elsewhere the API says it itself. */
export const reportUrlAt = (adminUrl: string, token: string): string | undefined => {
  const { hostname, origin } = new URL(adminUrl);
  return isLoopback(hostname) ? `${origin}/${token}` : undefined;
};

/** Of a Sluice that was deployed before it could tell. */
export const UNKNOWN_BEGINNING =
  'JUDOSCALE_URL is the function URL of ingest (output IngestLambdaFunctionUrl of the stack) or your own host name, a slash, and this token.';
