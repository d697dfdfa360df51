/** The version of the templates in infra/customer that this Sluice goes with; a test holds the two together. */
export const TEMPLATE_VERSION = 1;
/** The tag by which a role says which version made it. */
export const TEMPLATE_VERSION_TAG = 'sluice:template-version';
