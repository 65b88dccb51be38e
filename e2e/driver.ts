/**
 * What an operator does and sees, in the operator's words; where it is on the page stays in here.
 */
import { expect, type Locator, type Page } from '@playwright/test'
import type { RunReport } from '../src/main/formats/run-report'
import type { SaveKind, StepKind } from '../src/shared/api'
import type { Pace } from '../src/shared/frame'
import type { KilledPage, OpenShell, SavedFile, ShellOption } from './fixtures'

const paceNames: Readonly<Record<Pace, string>> = {
  0.25: '¼×, 0.25 times real time',
  1: '1 times real time',
  10: '10 times real time',
  100: '100 times real time',
  max: 'max, as fast as possible',
}
const stepNames: Readonly<Record<StepKind, RegExp>> = {
  event: /One event/,
  tick: /One timer tick/,
  sample: /To the next sample/,
}
/** What the menu offers; a stream of Arrow is for the command line. */
const saveNames: Readonly<Record<Exclude<SaveKind, 'arrow-stream'>, RegExp>> = {
  vmstat: /vmstat text/,
  'vmstat-ng': /vmstat of today/,
  openmetrics: /OpenMetrics/,
  parquet: /as Parquet/,
  arrow: /as Arrow/,
  speedscope: /for speedscope/,
  dcpiprof: /as dcpiprof/,
  'chrome-trace': /trace for Perfetto/,
  trace: /trace to open again/,
  svg: /charts as a picture/,
  png: /charts as an image/,
  report: /^report/,
  csv: /every counter as CSV/,
  json: /the run as JSON/,
  pprof: /profile for pprof/,
  collapsed: /collapsed stacks/,
  scenario: /scenario file/,
}

/** Simulated seconds of what the clock shows. */
export function clockSeconds(text: string): number {
  const [, d, h, m, s] = /(\d+) d (\d+):(\d+):([\d.]+)/.exec(text) ?? []
  return Number(d) * 86_400 + Number(h) * 3600 + Number(m) * 60 + Number(s)
}

export class Soakscope {
  readonly page: Page
  private readonly expectedErrors: RegExp[] = []

  constructor(
    private readonly host: OpenShell,
    readonly shell: ShellOption['shell'],
  ) {
    this.page = host.page
  }

  /** An error that the spec provokes, and that therefore does not fail it. */
  announceError(pattern: RegExp): void {
    this.expectedErrors.push(pattern)
  }
  announced(error: string): boolean {
    return this.expectedErrors.some((pattern) => pattern.test(error))
  }

  // The bar

  get clock(): Locator {
    return this.page.getByRole('timer', { name: 'Simulated time' })
  }
  /** Simulated seconds on the clock; NaN while there is no run. */
  async now(): Promise<number> {
    return clockSeconds(await this.clock.innerText())
  }
  /** Waits until the run is there and its clock goes. */
  async isRunning(): Promise<void> {
    await expect(this.pauseButton).toBeEnabled({ timeout: 240_000 })
    await this.reaches(0.001)
  }
  /** Waits until the simulated clock has come to these seconds. */
  async reaches(seconds: number, timeout = 240_000): Promise<void> {
    await expect.poll(() => this.now(), { timeout }).toBeGreaterThanOrEqual(seconds)
  }
  /** The run as JSON, as it would be saved now. */
  async report(): Promise<RunReport> {
    const { bytes } = await this.save('json')
    return JSON.parse(bytes.toString()) as RunReport
  }
  async events(): Promise<number> {
    return (await this.report()).events
  }
  get seed(): Locator {
    return this.page.getByRole('banner').getByText(/^seed /)
  }
  /** Machine and workloads of the run, in one line. */
  get summary(): Locator {
    return this.page.getByRole('banner').locator('.scenario')
  }
  /**
   * Simulated per wall seconds, while the clock goes on by this many simulated seconds from when it
   * is begun.
   */
  async speedOver(seconds: number, begin?: () => Promise<void>): Promise<number> {
    const read = async () => ({ now: await this.now(), wall: performance.now() / 1000 })
    const first = await read()
    await begin?.()
    await this.reaches(first.now + seconds)
    const last = await read()
    return (last.now - first.now) / (last.wall - first.wall)
  }
  get pauseButton(): Locator {
    return this.pacePanel.getByRole('button', { name: 'Pause', exact: true })
  }
  get resumeButton(): Locator {
    return this.pacePanel.getByRole('button', { name: 'Resume', exact: true })
  }
  private get pacePanel(): Locator {
    return this.page.getByRole('group', { name: 'Pace' })
  }
  async pause(): Promise<void> {
    await this.pauseButton.click()
    await this.isPaused()
  }
  async isPaused(timeout = 240_000): Promise<void> {
    await expect(this.resumeButton).toBeVisible({ timeout })
  }
  async resume(): Promise<void> {
    await this.resumeButton.click()
    await expect(this.pauseButton).toBeVisible()
  }
  async setPace(pace: Pace): Promise<void> {
    await this.paceButton(pace).click()
    await expect(this.paceButton(pace)).toHaveAttribute('aria-pressed', 'true')
  }
  paceButton(pace: Pace): Locator {
    return this.pacePanel.getByRole('button', { name: paceNames[pace], exact: true })
  }
  /** Says how far slow motion is: not on, waiting, or milliseconds after what it is about. */
  get slowButton(): Locator {
    return this.pacePanel.getByRole('button', { name: /slow motion/i })
  }
  async step(kind: StepKind): Promise<void> {
    await this.pacePanel.getByRole('button', { name: 'Step' }).click()
    await this.page.getByRole('menuitem', { name: stepNames[kind] }).click()
  }

  /** Goes on until this time, `00:02:30` or `+30 s`, and stands still there. */
  async runTo(time: string): Promise<void> {
    const before = await this.now()
    await this.runUntilTime(time)
    await this.reaches(before + 0.001)
    await this.isPaused()
  }

  /** Opens the form, fills it in, and leaves it open when it is refused. */
  async runUntilTime(text: string): Promise<void> {
    const form = await this.runUntilForm('Until a time')
    await form.getByLabel(/Simulated time/).fill(text)
    await form.getByRole('button', { name: 'Run until then' }).click()
  }
  async runUntilCondition(counter: string, comparison: string, value: string): Promise<void> {
    const form = await this.runUntilForm('Until a condition')
    await this.pickCounter(form, counter)
    await form.getByLabel('Comparison').selectOption(comparison)
    await form.getByLabel('Value').fill(value)
    await form.getByRole('button', { name: 'Run until then' }).click()
  }
  /** What the run goes on until; a click takes it back. */
  get untilChip(): Locator {
    return this.page.getByRole('button', { name: /^Run until .*take it back$/ })
  }
  get runUntilProblem(): Locator {
    return this.page.getByRole('dialog', { name: 'Run until' }).getByRole('alert')
  }
  private async runUntilForm(tab: string): Promise<Locator> {
    const form = this.page.getByRole('dialog', { name: 'Run until' })
    if (!(await form.isVisible()))
      await this.pacePanel.getByRole('button', { name: 'Run until' }).click()
    await form.getByRole('tab', { name: tab }).click()
    return form
  }
  private async pickCounter(form: Locator, id: string): Promise<void> {
    const box = form.getByRole('combobox', { name: 'Counter' })
    await box.fill(id)
    await this.page.getByRole('option', { name: id }).first().click()
  }

  /** Saves by the menu and returns the file that came of it. */
  async save(kind: keyof typeof saveNames): Promise<SavedFile> {
    return this.savedBy(async () => {
      await this.page.getByRole('button', { name: 'Save', exact: true }).click()
      await this.page.getByRole('menuitem', { name: saveNames[kind] }).click()
    })
  }
  private savedBy(ask: () => Promise<void>): Promise<SavedFile> {
    return this.host.saved(async () => {
      await ask()
      const said = this.messages.getByRole('status').filter({ hasText: /^(Saved|Downloading) / })
      await expect(said).toBeVisible()
      await said.getByRole('button', { name: 'Dismiss this message' }).click()
    })
  }
  /** Opens a scenario file by what asks for one: a key, a button, the menu of the window. */
  openScenario(
    file: SavedFile,
    ask = () => this.page.keyboard.press('ControlOrMeta+o'),
  ): Promise<void> {
    return this.chooseFile(file, 'application/json', ask)
  }
  private async chooseFile(
    file: SavedFile,
    mimeType: string,
    ask: () => Promise<void>,
  ): Promise<void> {
    const asked = this.page.waitForEvent('filechooser')
    // What asks for a file is caught from when the page has been told so, which is before it
    // answers.
    await this.page.evaluate(() => undefined)
    const [chooser] = await Promise.all([asked, ask()])
    const { name, bytes: buffer } = file
    await chooser.setFiles({ name, mimeType, buffer })
  }
  /** Chooses an item of the window's menu. */
  async chooseInMenu(id: string): Promise<void> {
    if (!this.host.chooseInMenu) throw new Error(`the ${this.shell} shell has no menu`)
    await this.host.chooseInMenu(id)
  }
  /** Closes the window or the page, and comes back to what goes on without it. */
  async comeBack(): Promise<Soakscope> {
    const page = await this.host.comeBack()
    return new Soakscope({ ...this.host, page }, this.shell)
  }
  /** Kills the host under the page; what it gives starts another at the same address. */
  killHost(): Promise<() => Promise<string>> {
    if (!this.host.killHost) throw new Error('only a page in a browser outlives its host')
    return this.host.killHost()
  }
  /** Kills the page's own process, not its host. */
  killPage(): Promise<KilledPage> {
    if (!this.host.killPage) throw new Error('only the window says that its page was killed')
    return this.host.killPage()
  }
  get messages(): Locator {
    return this.page.getByRole('region', { name: 'Messages' })
  }

  // Faults, fixes, load

  get drawer(): Locator {
    return this.page.getByRole('complementary', { name: 'Faults, fixes and load' })
  }
  disturbance(id: string): Locator {
    return this.drawer.locator(`[data-disturbance="${id}"]`)
  }
  async toggle(id: string): Promise<void> {
    await this.disturbance(id).getByRole('switch').click()
  }
  async isOn(id: string, on: boolean): Promise<void> {
    await expect(this.disturbance(id).getByRole('switch')).toHaveAttribute(
      'aria-checked',
      String(on),
    )
  }
  /** Sets a parameter that takes effect while the run goes on. */
  async setParameter(name: string, value: string): Promise<void> {
    const field = this.drawer.getByLabel(name)
    await field.fill(value)
    await field.press('Enter')
    await expect(this.marks('set').filter({ hasText: name })).not.toHaveCount(0)
  }
  async clearAll(): Promise<void> {
    await this.drawer.getByRole('button', { name: 'Clear all' }).click()
  }
  async reboot(): Promise<void> {
    await this.drawer.getByRole('button', { name: 'Reboot' }).click()
  }
  async newRunForm(): Promise<Locator> {
    await this.drawer.getByRole('button', { name: 'New run…' }).click()
    return this.page.getByRole('dialog', { name: 'New run' })
  }
  async newRun({ seed }: { readonly seed: number }): Promise<void> {
    const form = await this.newRunForm()
    await form.getByLabel('Seed').fill(String(seed))
    await form.getByRole('button', { name: 'Start' }).click()
    await expect(form).toBeHidden()
    await expect(this.seed).toHaveText(`seed ${seed}`)
  }
  /** What is marked on the timeline, oldest first; each mark also says when. */
  marks(kind: string): Locator {
    return this.page
      .getByRole('region', { name: 'Timeline of the whole run' })
      .locator(`[data-mark="${kind}"]`)
  }

  /** Draws another counter in the timeline. */
  async drawCounter(id: string): Promise<void> {
    const timeline = this.page.getByRole('region', { name: 'Timeline of the whole run' })
    await timeline.getByRole('button', { name: /^Counter of the timeline/ }).click()
    await this.pickCounter(this.page.locator('body'), id)
    await expect(
      timeline.getByRole('button', { name: `Counter of the timeline: ${id}`, exact: true }),
    ).toBeVisible()
  }

  /** What the timeline of the run will still do, in the drawer. */
  get toCome(): Locator {
    return this.drawer.getByRole('region', { name: 'To come' }).getByRole('listitem')
  }

  // For an audience

  /** What is shown, in words. */
  get presented(): Locator {
    return this.page.getByRole('region', { name: 'What is shown' })
  }
  get caption(): Locator {
    return this.presented.locator('.words')
  }
  /** Waits until the clock goes back: another turn has begun. */
  async startsOver(): Promise<void> {
    let latest = 0
    const wentBack = async (): Promise<boolean> => {
      const now = await this.now()
      const isBack = now < latest
      latest = Math.max(latest, now)
      return isBack
    }
    await expect.poll(wentBack, { timeout: 120_000, intervals: [100] }).toBe(true)
  }

  // The library of recordings

  async openLibrary(): Promise<Locator> {
    await this.page.keyboard.press('Shift+L')
    await expect(this.library).toBeVisible()
    return this.library
  }
  get library(): Locator {
    return this.page.getByRole('dialog', { name: 'Library' })
  }
  /** The line that says that the screen shows what is past. */
  get replay(): Locator {
    return this.page.getByRole('region', { name: 'Replay' })
  }
  /** Rows of the recordings that are found. */
  get recordings(): Locator {
    return this.library.getByRole('table', { name: 'Recordings' }).locator('tbody').getByRole('row')
  }
  async findRecording(term: string): Promise<void> {
    await this.library.getByLabel('Find a recording').fill(term)
  }

  /** Opens a recording by the dialog for its folder. */
  async openRecordingFolder(folder: string): Promise<void> {
    const asked = this.page.waitForEvent('filechooser')
    await this.page.evaluate(() => undefined)
    const [chooser] = await Promise.all([asked, this.page.keyboard.press('ControlOrMeta+Shift+o')])
    await chooser.setFiles(folder)
    await expect(this.replay).toBeVisible()
  }
  /** Opens a recording's zip, or a file of a run, by the dialog for files. */
  openRecordingFile(file: SavedFile): Promise<void> {
    const ask = () => this.page.keyboard.press('ControlOrMeta+i')
    return this.chooseFile(file, 'application/octet-stream', ask)
  }
  /** What the file manager and the trash of the system are asked for, from now on. */
  noteDesktop(refusal?: string): Promise<() => Promise<readonly string[]>> {
    if (!this.host.noteDesktop) throw new Error(`the ${this.shell} shell has no desktop`)
    return this.host.noteDesktop(refusal)
  }
  /** Drops a file on the window. */
  async drop({ name, bytes }: SavedFile): Promise<void> {
    await this.page.evaluate(
      ([called, base64]) => {
        const transfer = new DataTransfer()
        const all = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0))
        transfer.items.add(new File([all], called))
        for (const type of ['dragover', 'drop']) {
          const event = new DragEvent(type, { dataTransfer: transfer, bubbles: true })
          document.body.dispatchEvent(event)
        }
      },
      [name, bytes.toString('base64')] as const,
    )
  }
  /** Brushes a window on the first chart, with the keyboard: so many points back from its end. */
  async brushChart(points: number): Promise<void> {
    const chart = this.charts.first().getByRole('slider')
    await chart.press('v')
    for (let i = 0; i < points; i += 10) await chart.press('Shift+ArrowLeft')
    await chart.press('v')
    await expect(this.window).toBeVisible()
  }
  /** The line that says which window is brushed. */
  get window(): Locator {
    return this.page.getByRole('region', { name: 'Brushed window' })
  }
  /** What a counter came to in the window, cell by cell. */
  async statisticsOf(counter: string): Promise<string[]> {
    await this.window.getByRole('button', { name: 'Statistics' }).click()
    const dialog = this.page.getByRole('dialog', { name: 'Statistics of the window' })
    const row = dialog
      .getByRole('row')
      .filter({ has: this.page.getByText(counter, { exact: true }) })
    await expect(row).toBeVisible()
    const cells = await row.getByRole('cell').allInnerTexts()
    await this.page.keyboard.press('Escape')
    await expect(dialog).toBeHidden()
    return cells
  }

  // Views

  async show(view: 'Live' | 'Profile' | 'Kernel' | 'Trace'): Promise<void> {
    const button = this.page.getByRole('navigation', { name: 'Views' }).getByRole('button', {
      name: view,
    })
    await button.click()
    await this.isShown(view)
  }
  async isShown(view: 'Live' | 'Profile' | 'Kernel' | 'Trace'): Promise<void> {
    const button = this.page.getByRole('navigation', { name: 'Views' }).getByRole('button', {
      name: view,
    })
    await expect(button).toHaveAttribute('aria-current', 'page')
  }
  get vmstatLines(): Locator {
    return this.page.getByRole('log', { name: /Lines of vmstat/ }).locator('.row')
  }
  /**
   * Pixels that the Live view, or its vmstat, is scrolled down; vmstat is at 0 with its newest line
   * in sight.
   */
  scrolled(what: 'view' | 'vmstat'): Promise<number> {
    return this.page
      .locator(what === 'view' ? 'main .live' : '.vmstat [role="log"]')
      .evaluate((element) => element.scrollTop)
  }
  get vmstat(): Locator {
    return this.page.getByRole('region', { name: 'vmstat' })
  }
  /** What vmstat says while it stands still; it leads to the newest line. */
  get behind(): Locator {
    return this.vmstat.getByRole('button', { name: /^(scrolled back|frozen)/ })
  }
  get charts(): Locator {
    return this.page.locator('[data-chart]')
  }

  // The Trace view

  /** Has these milliseconds traced from a past instant, and waits for the drawing. */
  async traceThePast(seconds: number, milliseconds: number): Promise<void> {
    const form = this.traceForm
    await form.getByRole('combobox', { name: 'of' }).selectOption('time')
    await form.getByRole('spinbutton', { name: 'Simulated milliseconds' }).fill(`${milliseconds}`)
    await form.getByRole('combobox', { name: 'from' }).selectOption('past')
    await form.getByRole('spinbutton', { name: 'Simulated seconds' }).fill(`${seconds}`)
    await form.getByRole('button', { name: 'Take a trace' }).press('Enter')
    await expect(this.lanes).toBeVisible({ timeout: 60_000 })
  }
  openTrace(file: SavedFile): Promise<void> {
    const button = this.traceForm.getByRole('button', { name: 'Open a trace…' })
    return this.chooseFile(file, 'application/gzip', () => button.press('Enter'))
  }
  /** Saves the trace that is shown, from its own view. */
  saveTrace(): Promise<SavedFile> {
    return this.savedBy(() =>
      this.traceForm.getByRole('button', { name: 'Save the trace' }).press('Enter'),
    )
  }
  private get traceForm(): Locator {
    return this.page.getByRole('form', { name: 'Take a trace' })
  }
  get lanes(): Locator {
    return this.page.getByRole('application', { name: /^Trace;/ })
  }
  /** How much of the trace the lanes show. */
  get shown(): Locator {
    return this.page.getByRole('region', { name: 'CPUs' }).getByText(/ shown$/)
  }
  /** What is read out under the lanes. */
  get traceReadout(): Locator {
    return this.page.getByRole('region', { name: 'CPUs' }).getByText(/ runnable$/)
  }
  /** What the trace comes to. */
  get traceSummary(): Locator {
    return this.page.getByRole('region', { name: 'What the trace comes to' })
  }
  get stay(): Locator {
    return this.page.getByRole('complementary', { name: 'Selected stay' })
  }

  /** How many different colours a drawing has: 1 when nothing is drawn. */
  coloursOf(canvas: Locator): Promise<number> {
    return canvas.evaluate((element) => {
      const drawing = element as HTMLCanvasElement
      const context = drawing.getContext('2d')
      if (!context || drawing.width === 0 || drawing.height === 0) return 0
      const { data } = context.getImageData(0, 0, drawing.width, drawing.height)
      return new Set(new Uint32Array(data.buffer)).size
    })
  }
  async chooseTheme(name: 'Dark theme' | 'Light theme' | 'Theme of the system'): Promise<void> {
    await this.page.getByRole('button', { name: 'Theme', exact: true }).click()
    await this.page.getByRole('menuitemradio', { name }).click()
  }
  /** Of the page's background: 0 black, 1 white. */
  brightness(): Promise<number> {
    return this.page.evaluate(() => {
      const colour = getComputedStyle(document.body).backgroundColor
      const parts =
        colour
          .match(/[\d.]+/g)
          ?.slice(0, 3)
          .map(Number) ?? []
      return parts.reduce((sum, part) => sum + part, 0) / (3 * 255)
    })
  }
}
