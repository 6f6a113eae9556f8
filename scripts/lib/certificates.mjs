/** A certificate authority and a server certificate for `localhost` and 127.0.0.1, made with openssl. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'

const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']

/**
 * Writes `ca.crt`, `server.crt` and `server.key` into the server's folder.
 *
 * @param {import('./private-server.mjs').PrivateServer} server - Runs openssl as its own user, so that the key is readable to it alone.
 */
export async function makeCertificates(server) {
  const at = (name) => join(server.folder, name)
  const extensions = 'subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n'
  writeFileSync(at('extensions'), extensions, { mode: 0o644 })
  const days = ['-days', '30']
  const subject = (name) => ['-subj', `/CN=${name}`]
  await server.tool('openssl', [
    ...['req', '-x509', ...KEY, ...days, ...subject('guruorm test authority')],
    ...['-keyout', at('ca.key'), '-out', at('ca.crt')],
  ])
  await server.tool('openssl', [
    ...['req', ...KEY, ...subject('localhost')],
    ...['-keyout', at('server.key'), '-out', at('server.csr')],
  ])
  await server.tool('openssl', [
    ...['x509', '-req', ...days, '-in', at('server.csr'), '-extfile', at('extensions')],
    ...['-CA', at('ca.crt'), '-CAkey', at('ca.key'), '-CAcreateserial', '-out', at('server.crt')],
  ])
}
