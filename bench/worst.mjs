/**
 * The worst simulated minute of every demonstration, and of SDET on the kernel that loses buffers:
 * what users feel.
 */
import { answerOf, ours } from './programs.mjs'

/** Once each: a worst minute is felt whichever it is, and the leak's hour takes long enough. */
export async function measure() {
  const program = await ours('worst')
  /** @type {string[]} */
  const names = await answerOf(program.command, ['list'])
  const width = Math.max(...names.map((name) => name.length))
  const figures = []
  console.log('\nWorst simulated minute, one core')
  for (const name of names) {
    /** @type {{ cpu: number[], wall: number[], digest: string }} */
    const { cpu, wall, digest } = await answerOf(program.command, [name])
    const longest = Math.max(...cpu)
    const slowest = cpu.indexOf(longest)
    const perCpuSecond = 60 / longest
    const mean = (60 * cpu.length) / cpu.reduce((sum, seconds) => sum + seconds, 0)
    console.log(
      `  ${name.padEnd(width)}  ${perCpuSecond.toFixed(1).padStart(6)}× real time per CPU second, ` +
        `minute ${slowest + 1} of ${cpu.length}; the whole run ${mean.toFixed(0)}×`,
    )
    figures.push({
      figure: 'worst minute',
      run: name,
      minute: slowest + 1,
      perCpuSecond,
      mean,
      cpu,
      wall,
      digest,
    })
  }
  return { figures, missing: [] }
}
