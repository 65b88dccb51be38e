import { expect, test } from './fixtures'

test('everything can be done from the keyboard alone', async ({ app }) => {
  const { keyboard } = app.page

  await keyboard.press('Space')
  await app.isPaused()
  const paused = await app.now()
  await keyboard.press('s')
  await app.reaches(paused + 0.001)
  await keyboard.press('3')
  await expect(app.paceButton(10)).toHaveAttribute('aria-pressed', 'true')
  await expect(app.pauseButton).toBeVisible()

  await keyboard.press('Shift+Digit1')
  await expect(app.marks('fault')).toHaveCount(1)
  await keyboard.press('Shift+Backspace')
  await expect(app.marks('fault')).toHaveCount(2)
  await keyboard.press('Shift+R')
  await expect(app.marks('reboot')).toHaveCount(1)

  await keyboard.press('p')
  await app.isShown('Profile')
  await keyboard.press('k')
  await app.isShown('Kernel')
  await keyboard.press('l')
  await app.isShown('Live')

  await keyboard.press('d')
  await expect(app.drawer).toBeHidden()
  await keyboard.press('d')
  await expect(app.drawer).toBeVisible()

  await keyboard.press('u')
  await keyboard.press('Escape')

  await keyboard.press('ControlOrMeta+k')
  const found = app.page.getByRole('listbox', { name: 'Commands' }).getByRole('option')
  for (const [word, first] of [
    ['leak', /^Fault: Orphaned buffers/],
    ['herd', /^Demonstration: The herd/],
    ['dark', /^Dark theme/],
    ['export', /^Save/],
    ['restart', /^(New run|Run this run again|Reboot)/],
    ['demo', /^(New run|Demonstration)/],
  ] as const) {
    await app.page.keyboard.press('ControlOrMeta+a')
    await keyboard.type(word)
    await expect(found.first()).toHaveText(first)
  }
  await app.page.keyboard.press('ControlOrMeta+a')
  await keyboard.type('buffers.orphaned')
  await keyboard.press('Enter')
  await expect(app.page.locator('[data-chart="counter.buffers.orphaned"]')).toBeVisible()
  await keyboard.press('ControlOrMeta+k')
  await keyboard.type('as fast as possible')
  await keyboard.press('Enter')
  await expect(app.paceButton('max')).toHaveAttribute('aria-pressed', 'true')

  await keyboard.press('?')
  await expect(app.page.getByRole('dialog', { name: 'Keys and what they do' })).toBeVisible()
  await keyboard.press('Escape')
  await expect(app.page.getByRole('dialog')).toHaveCount(0)
})

test('the timeline is walked with arrow keys and a window brushed on it', async ({
  atRest: app,
}) => {
  await app.runTo('00:01:00')
  const strip = app.page.getByRole('slider', { name: 'Instant on the timeline' })
  await strip.focus()
  await strip.press('Home')
  await expect(strip).toHaveAttribute('aria-valuenow', '0')
  await strip.press('Shift+PageDown')
  await expect(app.page.getByTitle('Clear the brushed window (X)')).toBeVisible()
  await strip.press('Escape')
  await expect(app.page.getByTitle('Clear the brushed window (X)')).toBeHidden()
})

test('every control of the first screen can be reached with Tab', async ({ app }) => {
  // One of them is a stop for Tab; the arrows lead to the others.
  const walked = '[role="radiogroup"], [role="tablist"], [role="toolbar"]'
  const unreachable = await app.page
    .locator('button:visible:not([disabled]), input:visible, select:visible')
    .evaluateAll(
      (controls, walkedWithArrows) =>
        controls
          .filter((control) => control instanceof HTMLElement && control.tabIndex < 0)
          .filter((control) => control.closest(walkedWithArrows) === null)
          .map((control) => control.outerHTML.slice(0, 120)),
      walked,
    )
  expect(unreachable).toEqual([])
  const unnamed = await app.page
    .locator('button:visible')
    .evaluateAll((buttons) =>
      buttons
        .filter((b) => !b.textContent.trim() && !b.ariaLabel && !b.getAttribute('aria-labelledby'))
        .map((b) => b.outerHTML.slice(0, 120)),
    )
  expect(unnamed).toEqual([])
})
