import { expect, test } from './fixtures'

test('bad input is refused in one line that says what would be right', async ({ app }) => {
  await test.step('a time that is none is refused', async () => {
    await app.runUntilTime('soon')
    await expect(app.runUntilProblem).toContainText('"soon" is not a time; write')
    await app.runUntilTime('0')
    await expect(app.runUntilProblem).toContainText('is over already')
    await expect(app.pauseButton).toBeVisible()
  })

  await test.step('a condition whose value is no number is refused', async () => {
    await app.runUntilCondition('processes.blocked', '>', 'many')
    await expect(app.runUntilProblem).toContainText('"many" is not a number')
  })

  await test.step('a new run is not started with a bad seed or a value out of range', async () => {
    const form = await app.newRunForm()
    await form.getByLabel('Seed').fill('-1')
    await form.getByRole('button', { name: 'Start' }).click()
    await expect(form.getByRole('alert')).toContainText('seed is a whole number from 0')
    await form.getByLabel('Seed').fill('3')

    await form.getByLabel('machine.cpus').fill('99')
    await form.getByRole('button', { name: 'Start' }).click()
    await expect(form.getByRole('alert')).toContainText('machine.cpus')
    await expect(form.getByLabel('machine.cpus')).toBeFocused()
    await app.page.keyboard.press('Escape')
    await expect(form).toBeHidden()
    await expect(app.seed).not.toContainText('seed 3')
  })

  await test.step('a live parameter out of range is refused and the run keeps its value', async () => {
    const field = app.drawer.getByLabel('sdet.scripts')
    await field.fill('100000')
    await field.press('Enter')
    await expect(app.drawer.getByRole('alert')).toContainText('sdet.scripts')
    await field.press('Escape')
    await expect(field).toHaveValue('128')
  })
})
