/**
 * The content security policy of the page, the same in every shell. Styles may be inline because
 * the charts' tooltips are; nothing is ever loaded from another host, and nothing is evaluated.
 */
export function contentPolicy(...connectTo: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self'",
    "img-src 'self' data: blob:",
    ["connect-src 'self'", ...connectTo].join(' '),
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')
}
