/**
 * The page of `bench/frames.mjs`: one drawing alone, as its view has it, in which every frame zooms
 * or moves. `#flame` draws a made profile of so many boxes; `#trace` the trace at /trace.
 */
import { createPinia } from 'pinia'
import { createApp, h, type Component } from 'vue'
import type { ProfileSnapshot, ProfileStack } from '../sim/observe/profile'
import { decodeTrace } from '../shared/trace-file'
import { RandomStream } from '../sim/engine/random'
import FlameGraph from './panels/profile/FlameGraph.vue'
import { flameTree } from './panels/profile/flame-tree'
import { pictureOf } from './panels/trace/trace-picture'
import TraceLanes from './panels/trace/TraceLanes.vue'
import '../shared/styles/tokens.css'
import '../shared/styles/procedure-colours.css'
import './styles/fonts.css'
import './styles/base.css'

declare global {
  interface Window {
    /** Wall milliseconds of so many frames, each with one step of zooming in it. */
    zoomed?: (frames: number) => Promise<number[]>
    /** What is drawn, in words. */
    drawn?: string
  }
}

const procedures = 400
const deepest = 40

/** Stacks of a tree of so many boxes, each box called from one that was there before. */
function profileOf(boxes: number): ProfileSnapshot {
  const random = new RandomStream(1, 'boxes')
  const paths: number[][] = [[0]]
  for (let box = 1; box < boxes; box++) {
    const caller = paths[random.below(paths.length)] ?? []
    // Distinct callees of one caller, so that each is a box of its own.
    paths.push([...(caller.length < deepest ? caller : [0]), box])
  }
  const stacks = paths.map((frames): ProfileStack => {
    const cycles = [Math.ceil(1000 * random.exponential(1))]
    return { frames, cycles, samples: [0] }
  })
  const frames = Array.from({ length: boxes }, (_, box) => ({
    procedure: `procedure_${box % procedures}_${Math.floor(box / procedures)}`,
    image: 'vmlinux',
  }))
  const [clockMHz, cpus, fromSeconds, toSeconds, meanPeriod] = [450, 1, 0, 1, 0]
  return { clockMHz, cpus, fromSeconds, toSeconds, frames, stacks, meanPeriod }
}

function mount(component: Component, props: Record<string, unknown>): HTMLCanvasElement {
  const app = createApp({
    render: () => h('div', { style: 'height: 100vh; display: grid' }, [h(component, props)]),
  })
  app.use(createPinia()).mount('#app')
  const canvas = document.querySelector('canvas')
  if (!canvas) throw new Error('nothing is drawn')
  canvas.focus()
  return canvas
}

const nextFrame = (): Promise<number> => new Promise((resolve) => requestAnimationFrame(resolve))

/** One step a frame, in turn. */
async function framesOf(steps: readonly (() => void)[], count: number): Promise<number[]> {
  const times: number[] = []
  let before = await nextFrame()
  for (let frame = 0; frame < count; frame++) {
    steps[frame % steps.length]?.()
    const now = await nextFrame()
    times.push(now - before)
    before = now
  }
  return times
}

const press = (canvas: HTMLElement, key: string) => () =>
  void canvas.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))

function flame(boxes: number): void {
  const profile = profileOf(boxes)
  const choice = { weight: 'cycles', order: 'largest', withIdle: true } as const
  const { nodes, depth } = flameTree(profile, choice)
  window.drawn = `${nodes.length - 1} boxes, ${depth} levels`
  const words = { window: 'whole run', filter: '', order: 'largest', chosen: undefined }
  const canvas = mount(FlameGraph, { profile, byTime: undefined, ...words })
  const keys = ['ArrowDown', 'ArrowRight', 'Enter', 'ArrowDown', 'ArrowLeft', 'Enter', 'Home']
  const steps = keys.map((key) => press(canvas, key))
  window.zoomed = (frames) => framesOf(steps, frames)
}

async function trace(): Promise<void> {
  const file = decodeTrace(new Uint8Array(await (await fetch('/trace')).arrayBuffer()))
  if (!file.ok) throw new Error(file.error.message)
  const picture = pictureOf(file.value.trace)
  const { switches } = picture.summary
  window.drawn = `${picture.trace.columns.count} records, ${switches} switches`
  const canvas = mount(TraceLanes, { picture, selected: undefined })
  const wheel = (deltaY: number) => () => {
    const { width, height } = canvas.getBoundingClientRect()
    const at = { clientX: width * 0.6, clientY: height / 2 }
    canvas.dispatchEvent(new WheelEvent('wheel', { deltaY, ...at, cancelable: true }))
  }
  // From all of it to a microsecond and back.
  const way = 60
  const steps = Array.from({ length: 2 * way }, (_, at) => wheel(at < way ? -160 : 160))
  window.zoomed = (frames) => framesOf(steps, frames)
}

if (location.hash === '#trace') void trace()
else flame(Number(new URLSearchParams(location.search).get('boxes')))
