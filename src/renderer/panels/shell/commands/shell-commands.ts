import { useCommands } from '../../../stores/commands'
import { useOpenScenario } from '../../dialogs/use-open-scenario'
import { audienceCommands } from './audience-commands'
import { counterCommands } from './counter-commands'
import { disturbanceCommands } from './disturbance-commands'
import { recordingCommands } from './recording-commands'
import { remarkCommands } from './remark-commands'
import { replayCommands } from './replay-commands'
import { runCommands, stepCommands } from './run-commands'
import { saveCommands } from './save-commands'
import { screenCommands } from './screen-commands'
import { startCommands } from './start-commands'

/** Everything that the frame of the screen can do. What a view adds it offers itself. */
export function useShellCommands(): void {
  const openScenario = useOpenScenario()
  useCommands(() => [...runCommands(() => void openScenario()), ...stepCommands()])
  useCommands(disturbanceCommands)
  useCommands(startCommands)
  useCommands(audienceCommands)
  useCommands(screenCommands)
  useCommands(saveCommands)
  useCommands(replayCommands)
  useCommands(recordingCommands)
  useCommands(counterCommands)
  useCommands(remarkCommands)
}
