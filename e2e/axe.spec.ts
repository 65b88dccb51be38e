import { barriersOn } from './barriers'
import { expect, test } from './fixtures'

/** Wide enough that nothing is folded away. */
const size = { width: 1440, height: 900 }

for (const theme of ['dark', 'light'] as const) {
  test(`no view, dialog or menu has a barrier that axe knows of: ${theme}`, async ({
    open,
    shell,
  }) => {
    test.skip(shell !== 'web', 'the page is the same in the window, and axe takes its time')
    const app = await open({
      size,
      env: { SOAKSCOPE_SCENARIO: 'web', SOAKSCOPE_PAUSED: '1', SOAKSCOPE_PACE: 'max' },
    })
    await app.isPaused()
    const { page } = app
    const { keyboard } = page
    const button = (name: string) => page.getByRole('button', { name, exact: true })
    const found: string[] = []
    await app.runTo('00:00:04')
    await app.show('Trace')
    await app.traceThePast(3.5, 2)
    /** Views are looked at with something chosen in them. */
    const choose = {
      Profile: async () => {
        const rows = page.getByRole('rowgroup', { name: /^Profile;/ })
        await expect(rows.getByRole('row').first()).toBeVisible()
        await rows.press('ArrowDown')
        await expect(
          page.getByRole('complementary', { name: 'The chosen procedure' }),
        ).toBeVisible()
      },
      Trace: async () => {
        await app.lanes.press('.')
        await expect(app.stay.getByRole('table').first()).toBeVisible()
      },
    }

    await page.emulateMedia({ colorScheme: theme })
    for (const view of ['Live', 'Profile', 'Kernel', 'Trace'] as const) {
      await app.show(view)
      if (view === 'Profile' || view === 'Trace') await choose[view]()
      found.push(...(await barriersOn(page, `${theme}, ${view}`)))
    }
    for (const [what, openIt] of [
      ['palette', () => keyboard.press('ControlOrMeta+k')],
      ['save menu', () => keyboard.press('ControlOrMeta+s')],
      ['keys', () => keyboard.press('?')],
      ['new run', () => keyboard.press('n')],
      ['run until', () => keyboard.press('u')],
      ['why this speed', () => keyboard.press('w')],
      ['library', () => keyboard.press('Shift+L')],
      ['counter of the timeline', () => keyboard.press('c')],
      ['step menu', () => button('Step').click()],
      ['theme menu', () => button('Theme').click()],
    ] as const) {
      await openIt()
      const opened = page.locator('.surface').first()
      await expect(opened, what).toBeVisible()
      // What lies under it is the same in the other theme, and was looked at without it.
      const part = theme === 'dark' ? undefined : '.surface'
      found.push(...(await barriersOn(page, `${theme}, ${what}`, part)))
      await keyboard.press('Escape')
      // The list of counters closes first.
      if (await opened.isVisible()) await keyboard.press('Escape')
      await expect(opened, what).toBeHidden()
    }

    // A page that reaches no host.
    const lost = await page.context().newPage()
    await lost.emulateMedia({ colorScheme: theme })
    await lost.routeWebSocket(/.*/, (socket) => socket.close())
    await lost.goto(new URL('/', page.url()).href)
    await expect(lost.getByText('Soakscope does not answer.')).toBeVisible()
    found.push(...(await barriersOn(lost, `${theme}, waiting`)))
    expect(found.join('\n')).toBe('')
  })
}
