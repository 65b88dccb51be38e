/**
 * Views that are not needed at first. They are fetched as soon as the page is at rest, so that they
 * are there when the host is not; one that is opened before that waits for the host.
 */
import { defineAsyncComponent, type Component } from 'vue'
import ViewOnItsWay from '../panels/shell/ViewOnItsWay.vue'

type Loader = () => Promise<Component>

/** Wall milliseconds between two attempts to fetch a view. */
const againMs = 2000

const loaders = {
  profile: () => import('./ProfileView.vue'),
  kernel: () => import('./KernelView.vue'),
  trace: () => import('./TraceView.vue'),
} as const satisfies Readonly<Record<string, Loader>>

const view = (loader: Loader): Component =>
  defineAsyncComponent({
    loader,
    loadingComponent: ViewOnItsWay,
    // It is no defect of the page that the host is gone: the view comes when the host does.
    onError: (_error, retry) => void setTimeout(retry, againMs),
  })

export const ProfileView = view(loaders.profile)
export const KernelView = view(loaders.kernel)
export const TraceView = view(loaders.trace)

/** Fetches every view while the page has nothing else to do. */
export function fetchViewsAhead(): void {
  requestIdleCallback(
    () => {
      for (const load of Object.values(loaders)) load().catch(() => undefined)
    },
    { timeout: againMs },
  )
}
