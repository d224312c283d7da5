/** Thrown when temporal.toml can't be read or names no such profile. */
export class TemporalSettingsError extends Error {
  override readonly name = 'TemporalSettingsError';
}
