// PGlite with pgvector behind the PostgreSQL protocol, for tests: `node serve.mjs` prints its port on loopback and ends with its standard input.
//
// PGlite has one session for everybody. What belongs together in the protocol goes to it together (everything up to Sync, or one simple
// query), a connection keeps the session while its transaction is open, and names of prepared statements get a prefix per connection.
// What stays shared: settings made by SET, advisory locks of a session, LISTEN.
import { createServer } from 'node:net'
import { PGlite } from '@electric-sql/pglite'
import { vector } from '@electric-sql/pglite-pgvector'

const SslRequest = 80877103
const GssRequest = 80877104
const CancelRequest = 80877102
const EndsUnit = new Set(['Q', 'S', 'H'])

const database = await PGlite.create({ extensions: { vector } })
const waiting = []
let owner = null
let busy = false

// Runs units in turn; while one connection is in a transaction, only its own.
async function work() {
  if (busy) return
  busy = true
  for (let at; (at = waiting.findIndex((unit) => owner === null || unit.connection === owner)) >= 0; ) {
    const { connection, bytes, done } = waiting.splice(at, 1)[0]
    const answers = []
    await database.runExclusive(() => database.execProtocolRawStream(bytes, { onRawData: (data) => answers.push(Buffer.from(data)) }))
    const answer = Buffer.concat(answers)
    const status = statusAtEnd(answer)
    if (status !== null) owner = status === 'I' ? null : connection
    done(answer)
  }
  busy = false
}

const run = (connection, bytes) =>
  new Promise((done) => {
    waiting.push({ connection, bytes, done })
    work()
  })

// Of ReadyForQuery: I outside a transaction, T and E inside.
function statusAtEnd(answer) {
  const at = answer.length - 6
  return at >= 0 && answer[at] === 0x5a && answer.readInt32BE(at + 1) === 5 ? String.fromCharCode(answer[at + 5]) : null
}

// Puts the prefix before the statement's name in Parse, Bind, Describe and Close; the unnamed one needs none.
function ownNames(message, prefix) {
  const type = String.fromCharCode(message[0])
  let at
  if (type === 'P') at = 5
  else if (type === 'B') at = message.indexOf(0, 5) + 1
  else if ((type === 'D' || type === 'C') && message[5] === 0x53) at = 6
  else return message
  if (message[at] === 0) return message
  const named = Buffer.concat([message.subarray(0, at), Buffer.from(prefix), message.subarray(at)])
  named.writeInt32BE(named.length - 1, 1)
  return named
}

let connections = 0

function serve(socket) {
  const prefix = `c${++connections}_`
  let received = Buffer.alloc(0)
  let unit = []
  let started = false
  let turn = Promise.resolve()
  const send = (bytes) => {
    turn = turn.then(async () => {
      const answer = await run(socket, bytes)
      if (socket.writable) socket.write(answer)
    })
  }
  socket.setNoDelay(true)
  socket.on('data', (data) => {
    received = Buffer.concat([received, data])
    while (received.length >= (started ? 5 : 8)) {
      const length = started ? 1 + received.readInt32BE(1) : received.readInt32BE(0)
      if (received.length < length) return
      const message = received.subarray(0, length)
      received = received.subarray(length)
      if (!started) {
        const code = message.readInt32BE(4)
        if (code === SslRequest || code === GssRequest) socket.write('N')
        else if (code === CancelRequest) socket.end()
        else {
          started = true
          send(message)
        }
        continue
      }
      const type = String.fromCharCode(message[0])
      if (type === 'X') {
        socket.end()
        return
      }
      unit.push(ownNames(message, prefix))
      if (EndsUnit.has(type)) {
        send(Buffer.concat(unit))
        unit = []
      }
    }
  })
  socket.on('error', () => socket.destroy())
  socket.on('close', () => {
    turn = turn.then(async () => {
      if (owner !== socket) return
      await database.runExclusive(() => database.execProtocolRawStream(rollback(), { onRawData: () => {} }))
      owner = null
      await work()
    })
  })
}

function rollback() {
  const text = Buffer.from('ROLLBACK\0')
  const head = Buffer.alloc(5, 'Q')
  head.writeInt32BE(4 + text.length, 1)
  return Buffer.concat([head, text])
}

const server = createServer(serve).listen(0, '127.0.0.1', () => console.log(server.address().port))
process.stdin.resume().on('end', () => process.exit(0))
