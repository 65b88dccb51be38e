import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from './fixtures'

const readme = readFileSync(path.join(import.meta.dirname, '..', 'README.md'), 'utf8')
const section = /## The first five minutes\n([\s\S]*?)\n## /.exec(readme)?.[1] ?? ''
/** Keys that the page names: a key cap, with what is held. */
const keysNamed = [...section.matchAll(/`((?:(?:Shift|Ctrl)\+)?(?:[A-Z1-9?]|Space))`/g)].map(
  ([, key = '']) => key,
)

test('what README promises for the first five minutes comes true in its order', async ({ app }) => {
  const { keyboard } = app.page
  const dialog = (name: string) => app.page.getByRole('dialog', { name })
  const orphaned = async () => (await app.report()).counters['buffers.orphaned']?.last ?? NaN

  // Watch.
  await expect(app.paceButton(10)).toHaveAttribute('aria-pressed', 'true')
  for (const [key, view] of [
    ['p', 'Profile'],
    ['k', 'Kernel'],
    ['l', 'Live'],
  ] as const) {
    await keyboard.press(key)
    await app.isShown(view)
  }

  // Break it: the drawer is open.
  await app.isOn('orphaned-buffers', false)
  await keyboard.press('Shift+Digit1')
  await app.isOn('orphaned-buffers', true)
  await keyboard.press('4')
  await expect(app.paceButton(100)).toHaveAttribute('aria-pressed', 'true')
  await app.runUntilCondition('buffers.orphaned', '>', '500')
  await app.isPaused()
  await expect(app.messages).toContainText(/buffers\.orphaned > 500 at \d\d:\d\d:\d\d/)
  const leaked = await orphaned()
  expect(leaked).toBeGreaterThan(500)

  // Repair it.
  await keyboard.press('Shift+Digit1')
  await app.isOn('orphaned-buffers', false)
  await app.runTo('+10 s')
  expect(await orphaned()).toBe(leaked)
  await keyboard.press('Shift+R')
  await expect(app.marks('reboot')).toHaveCount(1)
  await keyboard.press('s')
  await expect.poll(orphaned).toBe(0)

  // Set the pace; what the run goes on until is shown, and can be taken back.
  await app.runUntilTime('+1 h')
  await expect(app.untilChip).toHaveText(/^until \d\d:\d\d:\d\d\s*$/)
  await expect(app.marks('until')).toHaveCount(1)
  await app.pause()
  await app.untilChip.click()
  await expect(app.untilChip).toBeHidden()
  await expect(app.marks('until')).toHaveCount(0)
  await keyboard.press('w')
  await expect(dialog('Why this speed')).toBeVisible()
  await keyboard.press('Escape')
  await expect(dialog('Why this speed')).toBeHidden()
  // The form was opened with the pointer: its button does not take the next Space.
  await app.runUntilTime('+1 h')
  await expect(dialog('Run until')).toBeHidden()
  await keyboard.press('Space')
  await app.isPaused()
  await keyboard.press('Shift+U')
  await expect(app.untilChip).toBeHidden()

  // Save, keys, commands, another run.
  await keyboard.press('ControlOrMeta+s')
  await expect(app.page.getByRole('menuitem', { name: /vmstat text/ })).toBeVisible()
  await keyboard.press('Escape')
  await keyboard.press('?')
  const chords = await dialog('Keys and what they do')
    .locator('.caps')
    .evaluateAll((caps) =>
      caps.map((cap) => [...cap.querySelectorAll('kbd')].map((kbd) => kbd.textContent).join('+')),
    )
  expect(keysNamed.length).toBeGreaterThan(15)
  for (const key of keysNamed) expect(chords.map((c) => c.replace('Cmd', 'Ctrl'))).toContain(key)
  await keyboard.press('Escape')
  await keyboard.press('n')
  await expect(dialog('New run')).toBeVisible()
})
