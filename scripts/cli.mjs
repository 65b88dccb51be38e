/**
 * `npm run --silent cli -- …`: the command line from a checkout, installed and built when it must
 * be.
 */
import { ensureBuilt } from './build.mjs'
import { ensureInstalled } from './install.mjs'
import { runTool } from './pinned.mjs'

await ensureInstalled()
await ensureBuilt()
// npm runs scripts in the root; file names in the arguments are meant from where the user stands.
const cwd = process.env.INIT_CWD ?? process.cwd()
const { code } = await runTool('./out/main/cli.js', process.argv.slice(2), {
  cwd,
  output: 'tied',
})
process.exitCode = code
