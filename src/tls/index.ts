export { certificateFault, type TlsFault } from './certificate-fault.js';
export { readTlsMaterial, type TlsMaterial, type TlsPlaces } from './tls-material.js';
