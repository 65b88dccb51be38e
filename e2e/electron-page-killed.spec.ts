/** A page whose process is killed: only a window lives on without it, and has it come back. */
import { clockSeconds } from './driver'
import { expect, test } from './fixtures'

test('a killed page is told of, the run goes on, and the window comes back with it', async ({
  app,
}) => {
  await app.reaches(3)
  const seed = await app.seed.innerText()
  const killed = await app.killPage()
  await expect.poll(killed.said).toContain('The page of this window ended.')
  expect(await killed.said()).toMatch(/The run goes on.*Show it again/)

  // The same run with its past, further than it was.
  const now = async () => clockSeconds(await killed.text('[role="timer"]'))
  await expect.poll(now).toBeGreaterThan(3)
  const back = await now()
  await expect.poll(() => killed.text('header .chip')).toBe(seed)
  await expect.poll(() => killed.text('.vmstat [role="log"]')).toMatch(/\d+(\s+\d+){15}/)
  await expect.poll(now, 'it goes on').toBeGreaterThan(back + 1)
})
