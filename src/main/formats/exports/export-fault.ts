/** What cannot be exported: a sentence for people, with what can be done. */
export class ExportFault extends Error {}
