/**
 * Logarithm and exponential from plain arithmetic. The language leaves Math.log and Math.exp to the
 * implementation; these give the same bits wherever doubles are IEEE 754, which the language
 * demands.
 */

/**
 * log 2 in two parts (fdlibm): the high one has 32 trailing zero bits, so small multiples of it are
 * exact.
 */
const ln2High = 6.9314718036912381649e-1
const ln2Low = 1.90821492927058770002e-10

const view = new DataView(new ArrayBuffer(8))

/**
 * The natural logarithm, within 1 unit in the last place: fdlibm's method.
 * @throws RangeError unless value is a positive, normal, finite number.
 */
export function log(value: number): number {
  if (!(value >= 2.2250738585072014e-308 && value < Infinity)) {
    throw new RangeError(`log wants a positive number, not ${value}`)
  }
  view.setFloat64(0, value)
  let high = view.getInt32(0)
  let exponent = (high >> 20) - 1023
  high &= 0xfffff
  // The fraction is kept between sqrt(1/2) and sqrt(2), where the series is short.
  const upper = (high + 0x95f64) & 0x100000
  view.setInt32(0, high | (upper ^ 0x3ff00000))
  exponent += upper >> 20
  const f = view.getFloat64(0) - 1
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even = w * (0.3999999999940941908 + w * (0.2222219843214978396 + w * 0.1531383769920937332))
  const odd =
    z *
    (0.666666666666673513 +
      w * (0.2857142874366239149 + w * (0.1818357216161805012 + w * 0.1479819860511658591)))
  const half = 0.5 * f * f
  return exponent * ln2High - (half - (s * (half + odd + even) + exponent * ln2Low) - f)
}

/**
 * e to the power of value, within 1 unit in the last place: fdlibm's method. 0 below −708, Infinity
 * above 709.7.
 */
export function exp(value: number): number {
  if (value !== value) return value
  if (value < -708) return 0
  if (value > 709.78) return Infinity
  const power = Math.floor(value * 1.442695040888963387 + 0.5)
  const high = value - power * ln2High
  const low = power * ln2Low
  const x = high - low
  const t = x * x
  const c =
    x -
    t *
      (1.66666666666666019037e-1 +
        t *
          (-2.77777777770155933842e-3 +
            t *
              (6.61375632143793436117e-5 +
                t * (-1.6533902205465251539e-6 + t * 4.13813679705723846039e-8))))
  const fraction = 1 - (low - (x * c) / (2 - c) - high)
  const first = power >> 1
  return fraction * twoTo(first) * twoTo(power - first)
}

/** 2 to an integer power within the normal range, exactly. */
function twoTo(power: number): number {
  view.setInt32(0, (power + 1023) << 20)
  view.setInt32(4, 0)
  return view.getFloat64(0)
}
