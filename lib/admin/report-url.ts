/** The whole report URL with a token, to be spread into an answer; nothing where its beginning is not known here. */
export const reportUrl = ({ reportsUrl }: { readonly reportsUrl?: string }, token: string): { readonly reportUrl?: string } =>
  reportsUrl === undefined ? {} : { reportUrl: `${reportsUrl.replace(/\/+$/, '')}/${token}` };
