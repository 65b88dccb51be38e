/** The colours of the screen, for what is drawn where no page is: the light ones, as on paper. */
import procedures from '../../../shared/styles/procedure-colours.css?raw'
import tokens from '../../../shared/styles/tokens.css?raw'

const light = new Map(
  [tokens, procedures].flatMap((sheet) => {
    const [, block = ''] = /\[data-theme='light'\]\s*\{([^}]*)\}/.exec(sheet) ?? []
    return [...block.matchAll(/(--[\w-]+):\s*([^;]+);/g)].map(
      ([, name = '', value = '']) => [name, value.trim()] as const,
    )
  }),
)

/** @throws Error when the screen has no such colour. */
export function lightColour(property: string): string {
  const value = light.get(property)
  if (value === undefined) throw new Error(`there is no colour ${property}`)
  return value
}
