/**
 * Soakscope in a window. Reads top to bottom: what is set up, in which order, and why in that one.
 */
import { app, dialog, ipcMain, protocol, session, shell } from 'electron'
import { join } from 'node:path'
import { hostApi } from './api/host-api'
import { catalogue } from './api/catalogue'
import { firstRun, wordsOf, type BeginningWords } from './beginning'
import { pageScheme, servePageScheme } from './electron/app-scheme'
import { openBridge } from './electron/bridge'
import { denyNavigation, denyRequests } from './electron/harden'
import { setMenu } from './electron/menu'
import { chosenRecordings, rememberRecordings } from './electron/recordings-choice'
import { chooseFolderByDialog, saveByDialog } from './electron/save-dialog'
import { TrustedSenders } from './electron/senders'
import { Stay, anotherStays } from './electron/stay'
import { settingWords } from './electron/stay-words'
import { isTrayThere } from './electron/tray-there'
import { openWindow } from './electron/window'
import type { RecordingsPlace } from './recordings/host-recording'
import { RunSupervisor } from './runs/supervisor'
import type { RunStatus } from '../shared/frame'

/** The folder out/, whichever of its bundles this code ended up in. */
const out = join(import.meta.dirname, '..')

const reportError = (error: unknown): void => {
  console.error(error instanceof Error ? `Soakscope: ${error.message}` : error)
}

let failed = false
function fail(message: string): void {
  if (failed) return
  failed = true
  reportError(new Error(message))
  dialog.showErrorBox('Soakscope cannot go on', message)
  app.exit(1)
}

// Both must come before the app is ready. As root Chromium runs only without its sandbox.
protocol.registerSchemesAsPrivileged([
  { scheme: pageScheme, privileges: { standard: true, secure: true, supportFetchAPI: true } },
])
if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox()

async function start(): Promise<void> {
  if (anotherStays()) return app.exit(0)
  denyNavigation(app)
  denyRequests(session.defaultSession)
  servePageScheme(protocol, join(out, 'renderer'))

  const profile = app.getPath('userData')
  const usual = { record: join(profile, 'recordings'), ...chosenRecordings(profile) }
  const first = firstRun(catalogue(), switches(), { ...usual, ...defined(wordsOf(process.env)) })
  if (!first.ok) {
    // Wrong usage comes from a terminal, and is answered there.
    reportError(new Error(`--${first.error.message}`))
    return app.exit(2)
  }
  const { request, pace, paused, memoryLimitMb, recordings } = first.value
  const supervisor = new RunSupervisor({
    workerPath: join(out, 'main', 'worker.js'),
    recordings,
    ...(memoryLimitMb === undefined ? {} : { memoryLimitMb }),
  })
  const hasTray = await isTrayThere()
  const stay = new Stay({ hasTray, status: () => statusOf(supervisor), show: () => show() })
  setMenu({
    label: settingWords(hasTray),
    chosen: stay.stays,
    choose: (chosen) => stay.choose(chosen),
  })
  endWith(supervisor, stay)
  const senders = new TrustedSenders()
  openBridge({
    ipc: ipcMain,
    senders,
    supervisor,
    apiFor: (contents, screen) =>
      hostApi(supervisor, catalogue(), saveByDialog(contents), screen, desktop),
    reportError,
  })
  const starting = supervisor.start(request, { pace, paused })
  const show = (): void =>
    openWindow({
      preload: join(out, 'preload', 'index.cjs'),
      onOpened: (contents) => senders.add(contents.id),
      onClosed: (id) => senders.remove(id),
      onFailed: fail,
    })
  show()
  const started = await starting
  if (!started.ok) fail(started.error.message)
}

function statusOf(supervisor: RunSupervisor): RunStatus | undefined {
  const status = supervisor.status()
  return status.ok ? status.value : undefined
}

/** The file manager, the trash and the dialogs of the system. */
const desktop = {
  reveal: (path: string) => shell.showItemInFolder(path),
  // Its own words say no more than that it failed.
  trash: (path: string) =>
    shell.trashItem(path).catch(() => {
      throw new Error('the system has no trash for it, or did not take it')
    }),
  chooseFolder: chooseFolderByDialog,
  remember: (place: RecordingsPlace) => rememberRecordings(app.getPath('userData'), place),
}

/** Without the words that were not said. */
const defined = (words: BeginningWords): BeginningWords =>
  Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined))

/** Words of the command line, in the form `--seed=7`. */
function switches(): BeginningWords {
  const word = (name: string): string | undefined =>
    app.commandLine.hasSwitch(name) ? app.commandLine.getSwitchValue(name) : undefined
  return {
    scenario: word('scenario'),
    seed: word('seed'),
    pace: word('pace'),
    paused: app.commandLine.hasSwitch('paused') ? true : undefined,
    memory: word('memory'),
    record: word('record'),
    recordLimit: word('record-limit'),
  }
}

/**
 * The run belongs to the window: both end together, unless it is to stay. The worker is waited for,
 * but not for long.
 */
function endWith(supervisor: RunSupervisor, stay: Stay): void {
  let closed = false
  app.on('window-all-closed', () => {
    if (!stay.windowClosed()) app.quit()
  })
  app.on('will-quit', (event) => {
    if (closed) return
    event.preventDefault()
    closed = true
    supervisor
      .close()
      .catch(reportError)
      // Not before Electron is done with this event: until then it takes no second quit.
      .finally(() => setImmediate(() => app.quit()))
  })
}

app
  .whenReady()
  .then(start)
  .catch((error: unknown) => fail(error instanceof Error ? error.message : String(error)))
