/** A file of the sources as text, as the bundler puts it into the program. */
declare module '*.css?raw' {
  const text: string
  export default text
}
