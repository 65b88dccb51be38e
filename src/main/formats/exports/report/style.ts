/** How a report looks, on the screen and on paper. It loads nothing. */
import { lightColour } from '../colours'

const colour = lightColour

export const reportStyle = `
body { margin: 0 auto; max-width: 980px; padding: 24px; color: ${colour('--text')};
  background: ${colour('--panel')}; font: 13px/1.5 Inter, system-ui, sans-serif; }
h1 { font-size: 20px; margin: 0 0 4px; }
h2 { font-size: 15px; margin: 28px 0 8px; }
p { margin: 4px 0; max-width: 78ch; }
pre, td.n, th.n { font-family: 'JetBrains Mono', ui-monospace, monospace; }
pre { background: ${colour('--raised')}; border: 1px solid ${colour('--line')}; border-radius: 6px;
  padding: 8px 12px; white-space: pre-wrap; overflow-wrap: anywhere; font-size: 12px; }
table { border-collapse: collapse; font-size: 12px; }
th, td { text-align: left; padding: 2px 16px 2px 0; border-bottom: 1px solid ${colour('--line')};
  vertical-align: top; overflow-wrap: anywhere; }
th { color: ${colour('--text-dim')}; font-weight: 500; }
td.n, th.n { text-align: right; white-space: nowrap; }
svg { display: block; max-width: 100%; height: auto; }
.charts { border: 1px solid ${colour('--line')}; border-radius: 6px; overflow: hidden; }
.dim { color: ${colour('--text-dim')}; }
@media print {
  body { padding: 0; max-width: none; font-size: 10pt; }
  svg, tr, pre { break-inside: avoid; }
  h2 { break-after: avoid; }
  thead { display: table-header-group; }
}
`
