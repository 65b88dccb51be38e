/** Where the window stands: as it was left, as far as the displays of today have room for it. */

/** In the units of the screen; left and top are not known before the window has stood somewhere. */
export interface Rectangle {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}
export interface WindowPlace extends Rectangle {
  readonly maximized: boolean
}

/** Of a window that nobody has placed yet, where there is room for it. */
const usual = { width: 1440, height: 900 }
/** Everything can be read and reached from here on. */
const least = { width: 853, height: 600 }
/** No display is larger: what says so is not a size. */
const edge = 100_000

/** The place that a file names, or undefined when it is not one that Soakscope wrote. */
export function parsePlace(text: string): WindowPlace | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  if (typeof value !== 'object' || value === null) return undefined
  const { x, y, width, height, maximized } = value as Readonly<Record<string, unknown>>
  if (!isLength(x) || !isLength(y) || !isLength(width) || !isLength(height)) return undefined
  if (width <= 0 || height <= 0) return undefined
  return { x, y, width, height, maximized: maximized === true }
}

const isLength = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= edge

/** The smallest size of the window on a display. */
export const leastSize = ({ width, height }: Rectangle): { width: number; height: number } => ({
  width: Math.min(least.width, width),
  height: Math.min(least.height, height),
})

/**
 * Where to open the window, wholly inside of one work area.
 * @param workAreas of the displays that are there, the main one first
 */
export function placeIn(
  remembered: WindowPlace | undefined,
  workAreas: readonly [Rectangle, ...Rectangle[]],
): WindowPlace {
  const [main] = workAreas
  const home = remembered && bestFor(remembered, workAreas)
  const area = home ?? main
  const smallest = leastSize(area)
  const wanted = remembered ?? usual
  const width = Math.min(Math.max(wanted.width, smallest.width), area.width)
  const height = Math.min(Math.max(wanted.height, smallest.height), area.height)
  const maximized = remembered?.maximized ?? false
  if (!remembered || !home) {
    const x = area.x + Math.floor((area.width - width) / 2)
    const y = area.y + Math.floor((area.height - height) / 2)
    return { x, y, width, height, maximized }
  }
  return {
    x: Math.min(Math.max(remembered.x, area.x), area.x + area.width - width),
    y: Math.min(Math.max(remembered.y, area.y), area.y + area.height - height),
    width,
    height,
    maximized,
  }
}

/** The work area that holds most of a rectangle; undefined when none holds any of it. */
function bestFor(place: Rectangle, areas: readonly Rectangle[]): Rectangle | undefined {
  let best: Rectangle | undefined
  let most = 0
  for (const area of areas) {
    const wide = Math.min(place.x + place.width, area.x + area.width) - Math.max(place.x, area.x)
    const high = Math.min(place.y + place.height, area.y + area.height) - Math.max(place.y, area.y)
    const common = wide > 0 && high > 0 ? wide * high : 0
    if (common > most) [best, most] = [area, common]
  }
  return best
}
