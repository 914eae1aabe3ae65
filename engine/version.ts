/** Version of the engine, written into every result; a test holds it equal to the package's. */
export const ENGINE_VERSION = '0.1.0';
