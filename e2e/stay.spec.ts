/** A run that nobody watches. */
import { expect, test } from './fixtures'

test('a run goes on when its page is closed, and is there when one comes back', async ({ app }) => {
  // In a browser a run outlives its pages anyway.
  if (app.shell === 'electron') await app.chooseInMenu('stay')
  const seed = await app.seed.innerText()
  const left = await app.now()

  const again = await app.comeBack()
  await again.isRunning()
  await expect(again.seed).toHaveText(seed)
  await again.reaches(left + 1)
  await again.pause()
  expect(await again.now()).toBeGreaterThan(left)
})
