// Lists as a well-kept Express application answers them: PORT, BENCH_FILE, CACHE, FOLLOW.
//
// It does less than ours where that helps it: it looks up no sessions (a token counts until it
// expires), keeps no metrics, sends no events, and its write is one statement; with FOLLOW a task
// that is made is told to caches and pages, logged and counted, too.

import { createSecretKey } from 'node:crypto'
import { readFileSync } from 'node:fs'

import compression from 'compression'
import cors from 'cors'
import express from 'express'
import { rateLimit } from 'express-rate-limit'
import helmet from 'helmet'
import jwt from 'jsonwebtoken'
import pino from 'pino'

import { caches } from './caches.js'
import { openLibrary } from './library.js'
import { openTasks } from './tasks.js'

const given = JSON.parse(readFileSync(process.env.BENCH_FILE, 'utf8'))
const accessKey = createSecretKey(Buffer.from(given.access_key, 'base64'))
const library = openLibrary(given)
// Lines gather and are written aside, the fastest way that pino has.
const log = pino(pino.destination({ dest: 2, sync: false, minLength: 4096 }))
const tasks = openTasks(given, process.env.FOLLOW === 'yes', log)
const cache = await caches[process.env.CACHE](given)
const LARGEST_PAGE = 100

const app = express()
app.set('query parser', 'simple')
app.get('/health/live', (_request, response) => response.json({ status: 'ok' }))
app.use(logged, helmet(), cors(), compression(), authenticated)
app.use(
  rateLimit({
    windowMs: 60_000,
    limit: 1_000_000,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: (request) => request.userId,
  }),
)

const list = (pages) => async (request, response) => {
  const limit = Number(request.query.limit ?? 20)
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_PAGE) {
    response.status(400).json({ title: 'Invalid request', detail: 'limit is 1 to 100.' })
    return
  }
  if (cache === null) {
    const page = await pages.page(request.userId, limit)
    if (page.next_cursor !== null) response.links({ next: `?cursor=${page.next_cursor}` })
    response.json(page)
    return
  }
  const known = await cache.get(request.userId, request.originalUrl)
  const answer = known ?? (await made(pages, request, limit))
  if (answer.link) response.set('Link', answer.link)
  response.set('ETag', answer.etag).type('json').send(answer.body)
}

// A title's check, then what is done with it; what it says of nobody's thing is null.
const write = (status, done) => async (request, response) => {
  const { title } = request.body
  if (typeof title !== 'string' || title.trim() === '' || title.length > 500) {
    response.status(400).json({ title: 'Invalid request', detail: 'title is 1 to 500 characters.' })
    return
  }
  const thing = await done(request.userId, title, request.params.id)
  if (thing === null) {
    response.status(404).json({ title: 'Not found', detail: 'There is no such thing.' })
    return
  }
  await cache?.drop(request.userId)
  response.status(status).json(thing)
}

app.get('/api/v1/tracks', list(library))
app.get('/api/v1/tasks', list(tasks))
app.patch('/api/v1/tracks/:id', express.json(), write(200, library.rename))
app.patch('/api/v1/tasks/:id', express.json(), write(200, tasks.rename))
app.post('/api/v1/tasks', express.json(), write(201, tasks.create))

app.use((fault, _request, response, _next) => {
  log.error(fault)
  response.status(500).json({ title: 'Internal error' })
})

async function made(pages, request, limit) {
  const page = await pages.page(request.userId, limit)
  const link = page.next_cursor === null ? '' : `<?cursor=${page.next_cursor}>; rel="next"`
  return cache.put(request.userId, request.originalUrl, JSON.stringify(page), link)
}

function authenticated(request, response, next) {
  const [scheme, token] = (request.headers.authorization ?? '').split(' ')
  if (scheme !== 'Bearer') {
    response.status(401).json({ title: 'Sign in first' })
    return
  }
  try {
    const claims = jwt.verify(token, accessKey, { algorithms: ['HS256'], issuer: 'backline' })
    request.userId = claims.sub
  } catch {
    response.status(401).json({ title: 'Sign in again' })
    return
  }
  next()
}

function logged(request, response, next) {
  const began = process.hrtime.bigint()
  response.on('finish', () => {
    log.info({
      method: request.method,
      path: request.path,
      status: response.statusCode,
      ms: Number(process.hrtime.bigint() - began) / 1e6,
      user: request.userId,
    })
  })
  next()
}

const server = app.listen(Number(process.env.PORT), '127.0.0.1')
server.keepAliveTimeout = 65_000
process.on('SIGTERM', () => process.exit(0))
