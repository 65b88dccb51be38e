import { useResizeObserver } from '@vueuse/core'
import { onBeforeUnmount, onMounted, watch, type Ref } from 'vue'

export interface CanvasSize {
  /** CSS pixels, as large as they are drawn. */
  readonly width: number
  readonly height: number
  /** Device pixels to one of them. */
  readonly ratio: number
}

/**
 * A canvas as large as its element at the resolution of the screen. `paint` gets a context in CSS
 * pixels. It is called once a frame at most: after `repaint()`, when the size changed, and when the
 * canvas is mounted.
 *
 * @param zoom how much larger everything is drawn: the pixels of `paint` are as many times larger
 */
export function useCanvas(
  canvas: Readonly<Ref<HTMLCanvasElement | null>>,
  paint: (g: CanvasRenderingContext2D, size: CanvasSize) => void,
  zoom: () => number = () => 1,
): {
  /** Paints with the next frame. */
  readonly repaint: () => void
  /** Paints in this frame: for callers that run in one already. */
  readonly paintNow: () => void
  readonly size: () => CanvasSize
  /** Where the pointer is, in the pixels of `paint`. */
  readonly pointer: (event: MouseEvent) => { readonly x: number; readonly y: number }
} {
  let size: CanvasSize = { width: 0, height: 0, ratio: 1 }
  let frame: number | undefined

  function draw(): void {
    if (frame !== undefined) cancelAnimationFrame(frame)
    frame = undefined
    const g = canvas.value?.getContext('2d')
    if (!g || size.width <= 0 || size.height <= 0) return
    g.setTransform(size.ratio, 0, 0, size.ratio, 0, 0)
    paint(g, size)
  }

  function repaint(): void {
    frame ??= requestAnimationFrame(draw)
  }

  function fit(): void {
    const element = canvas.value
    if (!element) return
    const { width, height } = element.getBoundingClientRect()
    const ratio = window.devicePixelRatio || 1
    const times = zoom()
    size = { width: width / times, height: height / times, ratio: ratio * times }
    const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)]
    if (element.width !== w) element.width = w
    if (element.height !== h) element.height = h
    draw()
  }

  useResizeObserver(canvas, fit)
  watch(zoom, fit)
  onMounted(fit)
  onBeforeUnmount(() => {
    if (frame !== undefined) cancelAnimationFrame(frame)
  })
  return {
    repaint,
    paintNow: draw,
    size: () => size,
    pointer: ({ offsetX, offsetY }) => ({ x: offsetX / zoom(), y: offsetY / zoom() }),
  }
}
