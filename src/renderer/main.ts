import { createPinia } from 'pinia'
import { createApp } from 'vue'
import App from './App.vue'
import { connectApi } from './bridge'
import { useLiveStore } from './stores/live'
import { useMessagesStore } from './stores/messages'
import '../shared/styles/tokens.css'
import '../shared/styles/procedure-colours.css'
import './styles/fonts.css'
import './styles/base.css'
import './styles/overlay.css'

const app = createApp(App).use(createPinia())
const messages = useMessagesStore()

/** One place where what nobody expected is told. */
function reportError(reason: unknown): void {
  const text = reason instanceof Error ? reason.message : String(reason)
  messages.say('error', `This page has a defect: ${text}`)
}
app.config.errorHandler = (reason) => {
  reportError(reason)
  globalThis.reportError(reason)
}
window.addEventListener('unhandledrejection', (event) => reportError(event.reason))

app.mount('#app')
useLiveStore().connect(connectApi()).catch(reportError)
