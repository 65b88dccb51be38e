export * from '../../shared/format/clock'
