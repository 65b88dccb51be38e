import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { effectScope, shallowRef } from 'vue'
import { useCommands, useCommandsStore, type Command } from './commands'

beforeEach(() => setActivePinia(createPinia()))

describe('commands', () => {
  const pressed: string[] = []
  const command = (id: string, more: Partial<Command> = {}): Command => ({
    id,
    title: id,
    group: 'Run',
    run: () => pressed.push(id),
    ...more,
  })
  beforeEach(() => pressed.splice(0))

  it('run from their key while they are possible', () => {
    const possible = shallowRef(false)
    const store = useCommandsStore()
    store.offer(() => [command('pause', { key: 'Space', enabled: possible.value })])
    expect(store.press('Space')).toBe(false)
    possible.value = true
    expect(store.press('Space')).toBe(true)
    expect(store.press('Shift+Space')).toBe(false)
    expect(pressed).toEqual(['pause'])
  })

  it('go away with the part of the screen that offered them', () => {
    const store = useCommandsStore()
    const scope = effectScope()
    scope.run(() => useCommands(() => [command('freeze', { key: 'F' })]))
    expect(store.all.map(({ id }) => id)).toEqual(['freeze'])
    scope.stop()
    expect(store.all).toEqual([])
    expect(store.press('F')).toBe(false)
  })

  it('come in the order in which they were offered', () => {
    const store = useCommandsStore()
    store.offer(() => [command('a'), command('b')])
    store.offer(() => [command('c')])
    expect(store.all.map(({ id }) => id)).toEqual(['a', 'b', 'c'])
  })
})
